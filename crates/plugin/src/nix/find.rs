//! Looking for the C API in the process that loaded the plugin.
//!
//! From Nix 2.35 the program itself holds the functions. Before, they are in libraries that the program does not link:
//! these are opened from the folder of the `libnixexpr` that is loaded, or from a folder that the user names, and from
//! nowhere else. The default search path may hold another Nix, and a builtin that is registered there is lost.

use std::ffi::{CStr, CString, OsStr, c_void};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::api::Api;

/// The variable that names further folders, with `:` between them. Its value when the plugin is built is the default:
/// in nixpkgs each library of Nix is a package of its own.
const FOLDERS: &str = "MACH_NIX_PLUGIN_LIBRARIES";

/// The libraries of the API, in the order in which they need each other.
const LIBRARIES: [&str; 3] = ["libnixutilc", "libnixstorec", "libnixexprc"];

/// Finds the API of the Nix that runs.
pub fn api() -> Result<Api, String> {
    let global = |name: &CStr| {
        // SAFETY: the name ends with a NUL.
        unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
    };
    // SAFETY: names with this prefix belong to Nix's C API.
    if let Ok(api) = unsafe { Api::load(global) } {
        return Ok(api);
    }
    let loaded = loaded_libnixexpr().ok_or(
        "this Nix has no C API: it is older than 2.24, or its libraries are not shared; use the shim",
    )?;
    let handles = open_libraries(&loaded)?;
    let find = |name: &CStr| {
        let found = handles.iter().map(|handle| {
            // SAFETY: the handle is open, and the name ends with a NUL.
            unsafe { libc::dlsym(handle.0, name.as_ptr()) }
        });
        found
            .into_iter()
            .find(|found| !found.is_null())
            .unwrap_or(std::ptr::null_mut())
    };
    // SAFETY: the libraries are those of Nix's C API.
    unsafe { Api::load(find) }
        .map_err(|name| format!("the C API next to {} has no function `{name}`", loaded.display()))
}

/// A library that stays open, as the functions that are taken from it do.
struct Handle(*mut c_void);

fn open_libraries(loaded: &Path) -> Result<Vec<Handle>, String> {
    let name = loaded.file_name().unwrap_or_default().as_bytes();
    let suffix = OsStr::from_bytes(name.strip_prefix(b"libnixexpr").unwrap_or_default());
    let mut folders: Vec<PathBuf> = loaded.parent().map(PathBuf::from).into_iter().collect();
    let named =
        std::env::var_os(FOLDERS).or_else(|| option_env!("MACH_NIX_PLUGIN_LIBRARIES").map(Into::into));
    folders.extend(
        named
            .iter()
            .flat_map(std::env::split_paths)
            .filter(|folder| folder.is_absolute()),
    );
    LIBRARIES
        .map(|library| {
            let mut file = OsStr::new(library).to_owned();
            file.push(suffix);
            folders
                .iter()
                .find_map(|folder| open(&folder.join(&file)))
                .ok_or_else(|| {
                    format!(
                        "{} is not next to {}: name its folder in the variable {FOLDERS}",
                        file.display(),
                        loaded.display()
                    )
                })
        })
        .into_iter()
        .collect()
}

fn open(path: &Path) -> Option<Handle> {
    let path = CString::new(path.to_path_buf().into_os_string().into_vec()).ok()?;
    // SAFETY: the path ends with a NUL; what Nix's libraries do when they are loaded is what Nix does.
    let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    (!handle.is_null()).then_some(Handle(handle))
}

/// The path of the `libnixexpr` that is loaded, as the loader knows it. `/proc` may not be there.
#[cfg(target_os = "linux")]
fn loaded_libnixexpr() -> Option<PathBuf> {
    unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, _: usize, found: *mut c_void) -> libc::c_int {
        // SAFETY: the loader gives a valid entry, whose name is null or ends with a NUL.
        let name = unsafe {
            if (*info).dlpi_name.is_null() {
                return 0;
            }
            CStr::from_ptr((*info).dlpi_name)
        };
        let path = Path::new(OsStr::from_bytes(name.to_bytes()));
        let file = path.file_name().unwrap_or_default().as_bytes();
        if !file.starts_with(b"libnixexpr.so") {
            return 0;
        }
        // SAFETY: it is the value that is handed over below, and nobody else has it now.
        unsafe { *found.cast::<Option<PathBuf>>() = Some(path.to_owned()) };
        1
    }
    let mut found: Option<PathBuf> = None;
    // SAFETY: `visit` takes what the loader gives, and the value outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut found).cast()) };
    found
}

/// Elsewhere only a program that holds the functions itself is served.
#[cfg(not(target_os = "linux"))]
fn loaded_libnixexpr() -> Option<PathBuf> {
    None
}
