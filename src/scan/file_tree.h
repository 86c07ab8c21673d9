/*
 * scan/file_tree.h - where the files of a scan are, when not on disk
 *
 * Discovery, ignore files, detection and reading are the same for all trees; only how names are
 * listed and bytes are read differs. Paths are relative to the boundary of the scan. The functions
 * are called by any thread.
 */
#ifndef PLUMB_SCAN_FILE_TREE_H
#define PLUMB_SCAN_FILE_TREE_H

#include "scan/folder.h"

typedef struct FileTree FileTree;
struct FileTree {
    const char *name; /* for messages: "git's index" */
    bool may_lack;    /* what the user named need not be in it */

    /* As folder_read(). `folder` is empty for the boundary itself. */
    bool (*list)(const FileTree *tree, Str folder, FolderFn *each, void *context, int *error);

    /* As file_read(). Links on the way are followed as long as they stay inside. */
    bool (*read)(const FileTree *tree, Str path, size_t limit, Arena *arena, Str *text, int *error);

    /* What is there; false for nothing. */
    bool (*find)(const FileTree *tree, Str path, FolderKind *kind);
};

#endif
