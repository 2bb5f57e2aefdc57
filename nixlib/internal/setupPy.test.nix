{ lib, ... }:

let
  setupPy = import ./setupPy.nix { inherit lib; };
  version =
    argument:
    (setupPy "from setuptools import setup\nsetup(name='x', ${argument})\n").version or "absent";
in
{
  "plain strings" = {
    expr = map version [
      "version='2.1'"
      "version = \"2.1\","
      "version=u'2.1'"
      "version='''2.1'''"
      "\n  version=\n    '2.1'  # + '.0'\n"
      "# version='1.0',\n version='2.1', classifiers=['a, b', f(version='3')]"
      "long_description=\"\"\"It's version='1.0',\"\"\", version='2.1'"
    ];
    expected = lib.genList (_: "2.1") 7;
  };
  "what has to be computed" = {
    expr = map version [
      "version='2.' + '1'"
      "version='2' '.1'"
      "version='2'\n  '.1'"
      "version='.'.join(['2', '1'])"
      "version='%d.1' % 2"
      "version=f'{x}.1'"
      "version=rb'2.1'"
      "version=VERSION"
      "version=get()"
      "version=('2.1')"
      "version='2.1' if x else '2.2'"
      "version='2\\x2e1'"
      "version=open('VERSION').read()"
    ];
    expected = lib.genList (_: null) 13;
  };
  "arguments of other calls do not count" = {
    expr = map setupPy [
      "Extension(name='demo.x', version='1')"
      "def setup(name='x'): pass"
      "my_setup(name='x')"
      "name = 'x'\nversion = '1'\nsetup(**arguments)"
      "# setup(name='x')\n'''setup(name=\"x\")'''"
    ];
    expected = lib.genList (_: { }) 5;
  };
  "two calls" = {
    expr = setupPy "if x:\n  setuptools.setup(name='a', version='1')\nelse:\n  setup(name='a', version='2')";
    expected = {
      name = "a";
      version = null;
    };
  };
}
