/*
 * scan/config_list.h - every setting of a scan, its value, and who said so
 */
#ifndef PLUMB_SCAN_CONFIG_LIST_H
#define PLUMB_SCAN_CONFIG_LIST_H

#include "scan/setup.h"

typedef enum SettingSource {
    SETTING_DEFAULT,
    SETTING_FILE, /* plumb.yaml */
    SETTING_COMMAND_LINE,
} SettingSource;

/* A setting with several values stands once for each. */
typedef struct SettingLine {
    Str name;  /* "kubernetes.pod-security.level", "severities.RULE" */
    Str value; /* empty where nothing is set */
    SettingSource source;
    Place place; /* in plumb.yaml; line 0 for others */
} SettingLine;

typedef struct SettingList {
    Arena *arena;
    SettingLine *items;
    uint32_t count;
    uint32_t capacity;
} SettingList;

/* All settings, in the order in which plumb.yaml has them in the documentation. */
SettingList config_list(const Setup *setup, const SetupOptions *options, Arena *arena);

/* For one file, `path` from where the configuration's paths begin: the environment that it lies in
 * by its path, and what is said of rules there, by their ids. */
SettingList config_list_file(const Setup *setup, Str path, Arena *arena);

#endif
