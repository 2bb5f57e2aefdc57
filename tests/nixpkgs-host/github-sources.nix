# GitHub sources of the tree's Python modules, found on PyPI instead.
# "owner/repo" -> sdists whose contents are laid out like the repository.
#   rev: the version the tree asks for (a leading "refs/tags/" and "v" is dropped)
let
  file = name: sha256: {
    url =
      let
        project = builtins.head (builtins.match "(.*)-[0-9].*" name);
      in
      "mirror://pypi/${builtins.substring 0 1 project}/${project}/${name}";
    inherit sha256;
  };
in
{
  "takluyver/flit" = {
    rev = "3.9.0";
    main = file "flit-3.9.0.tar.gz" "d75edf5eb324da20d53570a6a6f87f51e606eee8384925cd66a90611140844c7";
    # the repository also holds the separately released flit_core
    parts.flit_core = file "flit_core-3.9.0.tar.gz" "72ad266176c4a3fcfab5f2930d76896059851240570ce9a98733b658cb786eba";
  };
  "pypa/installer" = {
    rev = "0.7.0";
    main = file "installer-0.7.0.tar.gz" "a26d3e3116289bb08216e0d0f7d925fcef0b0194eedfa0c944bcaaa106c4b631";
  };
  "pypa/build" = {
    rev = "1.2.1";
    main = file "build-1.2.1.tar.gz" "526263f4870c26f26c433545579475377b2b7588b6f1eac76a001e873ae3e19d";
  };
  "pypa/wheel" = {
    rev = "0.42.0";
    main = file "wheel-0.42.0.tar.gz" "c45be39f7882c9d34243236f2d63cbd58039e360f85d0913425fbd7ceea617a8";
  };
  "pypa/setuptools" = {
    rev = "69.2.0";
    main = file "setuptools-69.2.0.tar.gz" "0ff4183f8f42cd8fa3acea16c45205521a4ef28f73c6391d8a25e92893134f2e";
    # an sdist's setup.cfg is rewritten at release time; the tree patches the original
    fix = ''
      {
        printf '[egg_info]\ntag_build = .post\ntag_date = 1\n\n[aliases]\nclean_egg_info = egg_info -Db \047\047\n\n'
        sed '/^\[egg_info\]/,/^tag_date/d' setup.cfg
      } > setup.cfg.new
      mv setup.cfg.new setup.cfg
    '';
  };
  "certifi/python-certifi" = {
    rev = "2024.02.02";
    main = file "certifi-2024.2.2.tar.gz" "0569859f95fc761b18b45ef421b1290a0f65f147e92a1e5eb3e635f9a5e4e66f";
  };
  "Ousret/charset_normalizer" = {
    rev = "3.3.2";
    main = file "charset-normalizer-3.3.2.tar.gz" "f30c3cb33b24454a82faecaf01b19c18562b1e89558fb6c56de4d9118a032fd5";
  };
  "pytest-dev/pluggy" = {
    rev = "1.4.0";
    main = file "pluggy-1.4.0.tar.gz" "8c85c2876142a764e5b7548e7d9a0e0ddb46f5185161049a79b7e974454223be";
  };
  "eliben/pyelftools" = {
    rev = "0.30";
    main = file "pyelftools-0.30.tar.gz" "2fc92b0d534f8b081f58c7c370967379123d8e00984deb53c209364efd575b40";
  };
  "di/calver" = {
    rev = "2022.06.26";
    main = file "calver-2022.6.26.tar.gz" "e05493a3b17517ef1748fbe610da11f10485faa7c416b9d33fd4a52d74894f8b";
  };
  "hukkin/tomli" = {
    rev = "2.0.1";
    main = file "tomli-2.0.1.tar.gz" "de526c12914f0c550d15924c62d72abc48d6fe7364aa87328337a31007fe8a4f";
  };
  "hukkin/tomli-w" = {
    rev = "1.0.0";
    main = file "tomli_w-1.0.0.tar.gz" "f463434305e0336248cac9c2dc8076b707d8a12d019dd349f5c1e382dd1ae1b9";
  };
  "agronholm/exceptiongroup" = {
    rev = "1.2.0";
    main = file "exceptiongroup-1.2.0.tar.gz" "91f5c769735f051a4290d52edd0858999b57e5876e9f85937691bd4c9fa3ed68";
  };
  "python-hyper/brotlicffi" = {
    rev = "1.1.0.0";
    main = file "brotlicffi-1.1.0.0.tar.gz" "b77827a689905143f87915310b93b273ab17888fd43ef350d4832c4a71083c13";
  };
}
