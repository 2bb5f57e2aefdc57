# shellcheck shell=bash
# Writes the paths of the libraries in `buildInputs` into the Python code that opens them by name: ./library_paths.py.

declare -a libraryPathsFolders=()

gatherLibraryPaths() {
    if [ -d "$1/lib" ]; then libraryPathsFolders+=("$1/lib"); fi
}
addEnvHooks "${targetOffset:?}" gatherLibraryPaths

writeLibraryPaths() {
    echo "writing the paths of libraries that are opened by name"
    # Not as a module search path: the script is for itself.
    env -u PYTHONPATH python3 -I @script@ "${out:?}" "${libraryPathsFolders[@]}"
}
postInstallHooks+=(writeLibraryPaths)
