#include "git/libgit2.h"

#include <dlfcn.h>
#include <string.h>

/* The newest first; a name without a number is there for compilers only. */
static const char *const names[] = {
#ifdef __APPLE__
    "libgit2.1.9.dylib",
    "libgit2.dylib",
    "/opt/homebrew/lib/libgit2.dylib",
    "/usr/local/lib/libgit2.dylib",
#else
    "libgit2.so.1.9", "libgit2.so.1.8", "libgit2.so.1.7", "libgit2.so.1.6",
    "libgit2.so.1.5", "libgit2.so.1.4", "libgit2.so.1.3", "libgit2.so.1.2",
    "libgit2.so.1.1", "libgit2.so.1.0", "libgit2.so",
#endif
};

typedef struct Function {
    const char *name;
    size_t at; /* of its pointer in LibGit2 */
} Function;

static const Function functions[] = {
#define FUNCTION(result, name, arguments) {#name, offsetof(LibGit2, name)},
#include "git/libgit2.def"
#undef FUNCTION
};

static bool open_library(LibGit2 *lib)
{
    for (size_t i = 0; i < sizeof names / sizeof *names && !lib->handle; i++)
        lib->handle = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
    return lib->handle != NULL;
}

/* The name of a function that the library does not have, or NULL. */
static const char *find_functions(LibGit2 *lib)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(lib->handle, functions[i].name);
        if (!function)
            return functions[i].name;
        memcpy((char *)lib + functions[i].at, &function, sizeof function);
    }
    return NULL;
}

static bool report_missing(DiagSink *diags)
{
    Diag *diag = diag_path_error(diags, DIAG_GIT, STR(""), "reading git's trees needs libgit2");

    diag_help(diags, diag,
              "install it: `apt-get install libgit2-dev`, `dnf install libgit2`, "
              "`apk add libgit2` or `brew install libgit2`");
    return false;
}

/* Its structures are those declared here in versions 1.x, which have SHA-1 alone. */
static bool check_version(const LibGit2 *lib, DiagSink *diags)
{
    int major = 0, minor = 0, patch = 0;

    lib->git_libgit2_version(&major, &minor, &patch);
    if (major == 1)
        return true;
    diag_path_error(diags, DIAG_GIT, STR(""), "libgit2 %d.%d.%d is none that plumb knows", major,
                    minor, patch);
    return false;
}

bool libgit2_open(LibGit2 *lib, DiagSink *diags)
{
    const char *unknown;

    *lib = (LibGit2){0};
    if (!open_library(lib))
        return report_missing(diags);
    unknown = find_functions(lib);
    if (unknown) {
        diag_path_error(diags, DIAG_GIT, STR(""), "this libgit2 lacks %s()", unknown);
        dlclose(lib->handle);
        lib->handle = NULL;
        return false;
    }
    lib->git_libgit2_init();
    /* Whose the repository is does not matter: plumb reads its data, which it never trusts, and
     * runs nothing that its configuration names. */
    lib->git_libgit2_opts(GIT_LIB_OPT_OWNER_VALIDATION, 0);
    return check_version(lib, diags);
}

void libgit2_close(LibGit2 *lib)
{
    if (!lib->handle)
        return;
    lib->git_libgit2_shutdown();
    dlclose(lib->handle);
    lib->handle = NULL;
}

const char *libgit2_error(const LibGit2 *lib)
{
    const GitLibError *error = lib->git_error_last();

    return error && error->message ? error->message : "no reason given";
}
