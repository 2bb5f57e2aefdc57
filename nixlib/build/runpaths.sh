# shellcheck shell=bash disable=SC2016 # the loader expands $ORIGIN
# autoPatchelfHook replaces the search path of a library by the folders of the libraries that it is linked to.  What a
# library loads by name while it runs (the parts of cuDNN, plugins of Qt) is found through the path it had, so those
# entries come back behind the new ones: the ones that begin at the library itself and lead to a folder.
#
# No other file is touched: patchelf before 0.19 moves code of small libraries made by lld (those of black) to memory
# that is not executable when it makes room for a path.

# Global, because hooks run inside of functions.
declare -gA runpathsOfWheel=()

rememberRunpaths() {
    local file path
    while IFS= read -r -d '' file; do
        path=$(patchelf --print-rpath "$file" 2>/dev/null) || continue
        if [[ $path == *'$ORIGIN'* ]]; then runpathsOfWheel[$file]=$path; fi
    done < <(find "${out:?}" -type f \( -name '*.so' -o -name '*.so.*' \) -print0)
}

restoreRunpaths() {
    local file folder entry path now
    local -a entries
    for file in "${!runpathsOfWheel[@]}"; do
        path=$(patchelf --print-rpath "$file")
        now=$path
        IFS=: read -r -a entries <<<"${runpathsOfWheel[$file]}"
        for entry in "${entries[@]}"; do
            folder=${entry/#'$ORIGIN'/${file%/*}}
            if [[ $folder == "$entry" || ! -d $folder || :$now: == *":$entry:"* ]]; then continue; fi
            if [[ :$now: != *":$(realpath "$folder"):"* ]]; then now+=${now:+:}$entry; fi
        done
        if [ "$now" != "$path" ]; then patchelf --set-rpath "$now" "$file"; fi
    done
}
