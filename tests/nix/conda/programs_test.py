"""The programs of nixlib/conda, on sound and hostile packages.

Usage: programs_test.py [-v] [NAME…]
"""

import bz2
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

import packer
import programs
from packer import member, tar, zstd

INDEX = {"name": "odd", "version": "1.0", "build": "0", "build_number": 0, "depends": [], "subdir": "linux-64"}
ENTRY = {"name": "conda:odd", "version": "1.0", "build": "0"}


class Programs(unittest.TestCase):
    """Each test has a folder; the programs are in one for all."""

    @classmethod
    def setUpClass(cls):
        cls.common = tempfile.mkdtemp()
        cls.programs = programs.collect(os.path.join(cls.common, "programs"))
        cls.tools = programs.tools(os.path.join(cls.common, "tools"))
        sys.path.insert(0, cls.programs)

    @classmethod
    def tearDownClass(cls):
        sys.path.remove(cls.programs)
        shutil.rmtree(cls.common)

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, package, info=None, file="odd-1.0-0.tar.bz2"):
        packer.write(self.path(file), packer.info_of(INDEX) if info is None else info, package)
        return file

    def unpack(self, file, **changes):
        entry = {**ENTRY, "file": file, **changes}
        return programs.unpack(self.programs, self.path(file), self.path("out"), entry, **self.tools)

    def refuses(self, words, file, **changes):
        result = self.unpack(file, **changes)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertTrue(result.stderr.startswith(f"error: can't unpack the conda package `{file}`: "), result.stderr)
        self.assertIn(words, result.stderr)
        self.assertIn("; require another version or build of `odd` and renew the lock\n", result.stderr)

    def linked(self, *packages, **changes):
        """An environment of folders with `info`, each with the names that it depends on."""
        entries = []
        for name, dependencies in packages:
            entries.append(
                {
                    **{"name": "conda:" + name, "condaName": name, "version": "1.0", "build": "0", "file": f"{name}-1.0-0.conda"},
                    **{"channel": "c", "url": "u", "subdir": "linux-64", "path": self.path(name), "dependencies": dependencies},
                }
            )
        with open(self.path("request.json"), "w") as file:
            json.dump(programs.request(entries, **changes), file)
        return programs.run(self.programs, "link.py", self.path("prefix"), requestPath=self.path("request.json"), **self.tools)

    def package(self, name, files, paths=None, more=()):
        """An unpacked package; a value in a list is the target of a link."""
        for path, text in files.items():
            path = os.path.join(self.path(name), path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if isinstance(text, list):
                os.symlink(text[0], path)
            else:
                with open(path, "wb") as file:
                    file.write(text if isinstance(text, bytes) else text.encode())
        text = packer.paths_json(self.path(name)) if paths is None else paths
        info = {"index.json": json.dumps({**INDEX, "name": name}), "paths.json": text, **dict(more)}
        os.makedirs(os.path.join(self.path(name), "info"), exist_ok=True)
        for file, text in info.items():
            if text:
                with open(os.path.join(self.path(name), "info", file), "w") as out:
                    out.write(text)


class Unpacking(Programs):
    def test_both_formats_have_the_same_content(self):
        package = [
            member("bin", mode=0o755, kind=tarfile.DIRTYPE),
            member("./bin/tool", b"#!/bin/sh\n", 0o6755),
            member("lib/data", b"data", 0o600),
            member("lib/again", kind=tarfile.LNKTYPE, link="lib/data"),
            member("lib/link", kind=tarfile.SYMTYPE, link="../bin/tool"),
            member("lib/of-another-package", kind=tarfile.SYMTYPE, link="../share/other"),
        ]
        found = []
        for file in ("odd-1.0-0.conda", "odd-1.0-0.tar.bz2"):
            result = self.unpack(self.write(package, file=file))
            self.assertEqual(result.returncode, 0, result.stderr)
            out = self.path("out")
            self.assertEqual(oct(os.stat(os.path.join(out, "bin/tool")).st_mode), "0o100755")
            self.assertEqual(os.readlink(os.path.join(out, "lib/link")), "../bin/tool")
            with open(os.path.join(out, "lib/again")) as again:
                self.assertEqual(again.read(), "data")
            found.append(sorted(packer.files_of(out)))
            shutil.rmtree(out)
        self.assertEqual(found[0], found[1])

    def test_names_that_lead_out(self):
        for name in ("../above", "lib/../../above", "/absolute", "lib/.."):
            with self.subTest(name):
                self.refuses(f"its file `{name}` would be written outside of the package", self.write([member(name, b"x")]))
                shutil.rmtree(self.path("out"))
        self.assertFalse(os.path.exists(self.path("above")))

    def test_links_that_lead_out(self):
        for target in ("/etc/passwd", "../../above", "../.."):
            with self.subTest(target):
                package = [member("lib/link", kind=tarfile.SYMTYPE, link=target)]
                self.refuses(f"its link `lib/link` leads out of the package, to `{target}`", self.write(package))
                shutil.rmtree(self.path("out"))

    def test_links_that_lead_out_by_way_of_links(self):
        package = [member("here", kind=tarfile.SYMTYPE, link="."), member("link", kind=tarfile.SYMTYPE, link="here/here/../above/x")]
        # `here/..` is the folder above.
        self.refuses("leads out of the package", self.write(package))
        shutil.rmtree(self.path("out"))
        self.refuses("its link `link` leads nowhere", self.write([member("link", kind=tarfile.SYMTYPE)]))

    def test_files_behind_links(self):
        package = [member("link", kind=tarfile.SYMTYPE, link="lib"), member("link/file", b"x")]
        self.refuses("its `link` is a link and a folder", self.write(package))

    def test_a_link_and_a_file_of_one_name(self):
        package = [member("a", kind=tarfile.SYMTYPE, link="b"), member("a", b"x")]
        self.refuses("it has the file `a` twice", self.write(package))

    def test_hard_links_without_a_file(self):
        for target in ("lib/missing", "../above", "/etc/passwd", "lib"):
            with self.subTest(target):
                package = [member("lib/x", b"x"), member("lib/hard", kind=tarfile.LNKTYPE, link=target)]
                self.refuses(f"its file `lib/hard` is a hard link to `{target}`, which is not a file before it", self.write(package))
                shutil.rmtree(self.path("out"))

    def test_devices(self):
        for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            self.refuses("its `dev` is neither a file, nor a folder, nor a link", self.write([member("dev", kind=kind)]))
            shutil.rmtree(self.path("out"))

    def test_more_data_than_said(self):
        info, _ = member("huge")
        info.size = 1 << 50
        archive = tar(packer.info_of(INDEX)).rstrip(b"\0")
        archive = archive.ljust(-(-len(archive) // 512) * 512, b"\0") + info.tobuf(tarfile.GNU_FORMAT)
        with open(self.path("odd-1.0-0.tar.bz2"), "wb") as file:
            file.write(bz2.compress(archive))
        self.refuses("it has more data than a package of its size may have", "odd-1.0-0.tar.bz2")
        self.assertFalse(os.path.exists(self.path("out/huge")))

    def test_a_stream_that_grows(self):
        # Zeros before a member are no data of any file.
        import unpack

        os.environ["zstd"] = self.tools["zstd"]
        limited = unpack.Limited(open("/dev/zero", "rb"), __file__)
        limited.left = 1 << 20
        with self.assertRaises(unpack.Refused), limited.stream:
            while limited.read(1 << 16):
                pass

    def test_damaged_archives(self):
        file = self.write([member("a", os.urandom(300_000))])
        with open(self.path(file), "r+b") as archive:
            archive.truncate(100_000)
        self.refuses("", file)
        for name, data in (("odd-1.0-0.conda", b"not a zip"), ("odd-1.0-0.tar.bz2", b"not a bzip2 archive at all"), ("odd-1.0-0.tar.bz2", b"")):
            with open(self.path(name), "wb") as archive:
                archive.write(data)
            shutil.rmtree(self.path("out"), ignore_errors=True)
            self.refuses("", name)

    def test_parts_of_a_conda_package(self):
        name = "odd-1.0-0.conda"
        parts = {"pkg-odd-1.0-0.tar.zst": zstd(tar([])), "info-odd-1.0-0.tar.zst": zstd(tar(packer.info_of(INDEX)))}
        for changed, words in (
            ({"info-odd-1.0-0.tar.zst": None}, "it must have one part `info-*.tar.zst`, but has `pkg-odd-1.0-0.tar.zst`"),
            ({"pkg-more.tar.zst": b"x"}, "it must have one part `pkg-*.tar.zst`"),
            ({"pkg-odd-1.0-0.tar.zst": b"garbage"}, "its part `pkg-odd-1.0-0.tar.zst` is not a sound archive"),
        ):
            with self.subTest(words):
                with zipfile.ZipFile(self.path(name), "w") as container:
                    for part, data in {**parts, **changed}.items():
                        if data is not None:
                            container.writestr(part, data)
                self.refuses(words, name)
                shutil.rmtree(self.path("out"), ignore_errors=True)

    def test_another_package_than_the_lock_has(self):
        file = self.write([])
        for field, value in (("version", "1.1"), ("build", "1"), ("condaName", "even")):
            with self.subTest(field):
                result = self.unpack(file, **{field: value})
                field = "name" if field == "condaName" else field
                found = INDEX[field]
                self.assertIn(f"the lock has it with the {field} `{value}`, but its `info/index.json` says `{found}`", result.stderr)
                shutil.rmtree(self.path("out"))

    def test_no_metadata(self):
        self.refuses("it has no `info/index.json`, so it is not a conda package", self.write([member("a", b"x")], info=[]))
        shutil.rmtree(self.path("out"))
        self.refuses("is not JSON", self.write([], info=[member("info/index.json", b"{")]))


class Relocation(Programs):
    def test_text_and_binary(self):
        import relocate

        self.assertEqual(relocate.text(b"a /old b\n/old/c", b"/old", b"/new/prefix", "linux"), b"a /new/prefix b\n/new/prefix/c")
        self.assertEqual(relocate.binary(b"x\0/older/a:/older/b\0y/older", b"/older", b"/new"), b"x\0/new/a:/new/b\0\0\0\0\0y/new\0\0")
        self.assertEqual(relocate.binary(b"nothing", b"/old", b"/newer"), b"nothing")
        with self.assertRaises(relocate.TooShort):
            relocate.binary(b"/old\0", b"/old", b"/newer")

    def test_the_first_line_of_a_script(self):
        import relocate

        for line, prefix, expected in (
            (b"#!/old/bin/perl -w", b"/new", b"#!/new/bin/perl -w"),
            (b"#!/old/bin/perl -w", b"/" + b"n" * 130, b"#!/usr/bin/env perl -w"),
            (b"#! /old/bin/python", b"/a b", b"#!/usr/bin/env python"),
            (b"#!/bin/sh", b"/" + b"n" * 130, b"#!/bin/sh"),
        ):
            self.assertEqual(relocate.shebang(line, b"/old", prefix, "linux"), expected)
        self.assertEqual(relocate.shebang(b"#!/old/x", b"/old", b"/" + b"n" * 130, "osx"), b"#!/" + b"n" * 130 + b"/x")

    def test_a_placeholder_without_room(self):
        placeholder = "/opt/anaconda1anaconda2anaconda3"
        self.package("odd", {"lib/x": placeholder.encode() + b"\0"}, packer.paths_json(self.path("odd"), placeholder))
        self.package("odd", {}, packer.paths_json(self.path("odd"), placeholder).replace("info/paths.json", "lib/x"))
        result = self.linked(("odd", []), prefix="/nix/store/" + "x" * 32 + "-conda-prefix")
        self.assertIn("error: can't install the conda package `odd-1.0-0.conda`: its binary file `lib/x` has room for a path of 32", result.stderr)

    def test_packages_before_paths_json(self):
        old = "/opt/anaconda1anaconda2anaconda3"
        files = {"bin/a": f"#!{old}/bin/sh\n", "share/b c": f"{packer.PLACEHOLDER}/b", "lib/d": packer.PLACEHOLDER.encode() + b"\0", "lib/e": ["d"]}
        more = {
            "paths.json": "",
            "files": "bin/a\nshare/b c\nlib/d\nlib/e\n",
            "has_prefix": f'bin/a\n"{packer.PLACEHOLDER}" "text" "share/b c"\n{packer.PLACEHOLDER} binary lib/d\n',
        }
        self.package("odd", files, more=more)
        result = self.linked(("odd", []))
        self.assertEqual(result.returncode, 0, result.stderr)
        prefix = self.path("prefix")
        for name, expected in (("bin/a", f"#!{prefix}/bin/sh\n"), ("share/b c", f"{prefix}/b")):
            with open(os.path.join(prefix, name)) as file:
                self.assertEqual(file.read(), expected)
        with open(os.path.join(prefix, "lib/e"), "rb") as file:
            self.assertEqual(file.read(), prefix.encode().ljust(len(packer.PLACEHOLDER) + 1, b"\0"))


class Linking(Programs):
    def refused(self, result, words):
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(words, " ".join(result.stderr.split()))

    def test_metadata_that_does_not_fit(self):
        for text, words in (
            ('{"paths": [{"_path": "lib/none"}]}', "its metadata has the file `lib/none`, which the archive lacks"),
            ('{"paths": [{"_path": "../x"}]}', "which would be written outside of the environment"),
            ('{"paths": [{"_path": "/etc/x"}]}', "which would be written outside of the environment"),
            ('{"paths": [{"_path": "lib/a", "path_type": "softlink"}]}', "its `lib/a` is not the softlink that its metadata says"),
            ('{"paths": [{"_path": "lib/a", "prefix_placeholder": "/x", "file_mode": "odd"}]}', "with the unknown mode `odd`"),
            ('{"paths": 1}', "its `info/paths.json` has no list of `paths`"),
            ("{", "its `info/paths.json` is not JSON"),
        ):
            with self.subTest(words):
                self.package("odd", {"lib/a": "a"}, paths=text)
                result = self.linked(("odd", []))
                self.refused(result, words)
                self.assertTrue(result.stderr.startswith("error: can't install the conda package `odd-1.0-0.conda`: "))

    def test_entry_points_that_lead_out(self):
        for line in ("../x = a:b", "x", "x = a", ".hidden = a:b"):
            link = json.dumps({"noarch": {"type": "python", "entry_points": [line]}})
            self.package("odd", {}, more={"link.json": link})
            self.refused(self.linked(("odd", [])), f"its entry point `{line}` is not of the form")

    def test_collisions(self):
        # Files that nobody reads, programs and equal files are as the last package has them, which depends on the other.
        self.package("one", {"lib/x": "one", "share/LICENSE": "one", "bin/p": "one", "lib/same": "same"})
        self.package("two", {"lib/x": "two", "share/LICENSE": "two", "bin/p": "two", "lib/same": "same"})
        packages = (("one", []), ("two", ["conda:one"]))
        self.refused(self.linked(*packages), "have different files of the same name: in one 1.0 and two 1.0: lib/x")
        self.assertFalse(os.path.exists(self.path("prefix")))
        result = self.linked(*packages, ignored=["lib/x"])
        self.assertEqual(result.returncode, 0, result.stderr)
        for name in ("lib/x", "share/LICENSE", "bin/p"):
            with open(os.path.join(self.path("prefix"), name)) as file:
                self.assertEqual(file.read(), "two")
        self.assertIn("the program `p` is that of two 1.0; another one is in one 1.0", result.stderr)

    def test_collisions_of_packages_that_do_not_need_each_other(self):
        # As environments have it, and py-rattler.
        self.package("one", {"bin/p": "one"})
        self.package("two", {"bin/p": "two"})
        self.assertEqual(self.linked(("one", []), ("two", [])).returncode, 0)
        with open(self.path("prefix/bin/p")) as file:
            self.assertEqual(file.read(), "one")

    def test_folders_that_are_links_in_another_package(self):
        self.package("one", {"lib/x": "x", "lib64": ["lib"], "file": "file"})
        self.package("two", {"lib64/y": "y"})
        self.assertEqual(self.linked(("one", []), ("two", [])).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.path("prefix/lib"))), ["x", "y"])
        shutil.rmtree(self.path("prefix"))
        self.package("three", {"file/z": "z"})
        self.refused(self.linked(("one", []), ("three", [])), "its `file/z` is in the folder `file`, which is a file in one 1.0")

    def test_packages_that_need_each_other(self):
        self.package("one", {"lib/one": "1"})
        self.package("two", {"lib/two": "2"})
        self.assertEqual(self.linked(("one", ["conda:two"]), ("two", ["conda:one"])).returncode, 0)

    def test_what_is_copied(self):
        self.package("odd", {"bin/p": "#!/bin/sh\n", "lib/data": "data", "lib/with": packer.PLACEHOLDER, "lib/link": ["data"]})
        self.assertEqual(self.linked(("odd", [])).returncode, 0)
        kinds = {name: os.path.islink(self.path("prefix/" + name)) for name in ("bin/p", "lib/data", "lib/with", "lib/link")}
        self.assertEqual(kinds, {"bin/p": False, "lib/data": True, "lib/with": False, "lib/link": True})
        self.assertEqual(os.readlink(self.path("prefix/lib/link")), "data")

    def test_link_scripts_are_named(self):
        names = ["bin/.odd-post-link.sh", "bin/.odd-pre-unlink.sh"]
        self.package("odd", {names[0]: "echo run >$PREFIX/run", names[1]: ""})
        result = self.linked(("odd", []))
        self.assertIn("warning: odd 1.0 has scripts that conda runs", result.stderr)
        self.assertIn(", ".join(names), result.stderr)
        with open(self.path("prefix/nix-support/conda.json")) as file:
            self.assertEqual(json.load(file)["linkScripts"], {"odd 1.0": names})
        self.assertFalse(os.path.exists(self.path("prefix/run")))


class Activation(Programs):
    def variables(self, script):
        import activation

        os.makedirs(self.path("share/foo"), exist_ok=True)
        return activation.of_script(script, self.folder)

    def test_what_needs_no_shell(self):
        for script, expected in (
            ('export A="$CONDA_PREFIX/share/foo"', {"A": "@/share/foo"}),
            ("export A=${CONDA_PREFIX}/share/foo # where it is", {"A": "@/share/foo"}),
            ("A=b; export A", {"A": "b"}),
            ("A='$x'\nexport A", {"A": "$x"}),
            ('if true; then export A="b c"; fi', {"A": "b c"}),
            ("[ -n x ] && export A=b", {"A": "b"}),
            ("export A=file://$CONDA_PREFIX/share/foo:$CONDA_PREFIX/share", {"A": "file://@/share/foo:@/share"}),
            # Branches for what is not there, and what only a shell knows.
            ("export A=$CONDA_PREFIX/share/other", {}),
            ('export A="$(date)"', {}),
            ("export A=`date`", {}),
            ('export A="$B/c"', {}),
            ("export A=$CONDA_PREFIX_1", {}),
            ("A=b", {}),
            ('export A="b', {}),
            # What is not for programs.
            ("export PATH=$CONDA_PREFIX/share:$PATH\nexport PATH=/x\nexport _CONDA_OLD=1\nexport CONDA_BACKUP_A=1", {}),
        ):
            with self.subTest(script):
                found = {name: value.replace(self.folder, "@") for name, value in self.variables(script).items()}
                self.assertEqual(found, expected)


if __name__ == "__main__":
    assert subprocess.run(["zstd", "--version"], capture_output=True).returncode == 0
    unittest.main()
