"""PyInstaller: PyTorch without what only its own tests, compilers and headers need (a third of it).

Takes the place of the hook that comes with PyInstaller, which adds every submodule and every file.
"""

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs, get_package_paths

binaries = [
    *collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"]),
    # Looked for when torch is loaded.
    (get_package_paths("torch")[1] + "/bin/torch_shm_manager", "torch/bin"),
]
# Links to them in the program's folder would have PyTorch look for the rest of its libraries there.
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
