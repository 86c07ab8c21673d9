/*
 * scan/setup.h - what a scan needs before it starts: configuration, rules, which of them run
 */
#ifndef PLUMB_SCAN_SETUP_H
#define PLUMB_SCAN_SETUP_H

#include "rules/load.h"
#include "scan/baseline.h"
#include "scan/chart.h"
#include "scan/config.h"
#include "scan/file_cache.h"
#include "scan/problem.h"
#include "scan/scan.h"
#include "scan/sides.h"

typedef struct StrList {
    Str *items;
    uint32_t count;
    uint32_t capacity;
} StrList;

/* False if `arena` is spent. */
bool str_list_add(StrList *list, Str text, Arena *arena);

/* What the user asked for. All texts are kept. */
typedef struct SetupOptions {
    StrList arguments;   /* paths to scan, or "-"; none: the working directory */
    StrList paths;       /* --path */
    StrList skip_paths;  /* --skip-path */
    StrList rule_paths;  /* --rules: directories and files */
    StrList policies;    /* --policy: the same of admission policies */
    StrList rules;       /* --rule: ids, patterns, aliases */
    StrList skip_rules;  /* --skip-rule */
    StrList vars;        /* --var: NAME=VALUE, for Terraform */
    StrList var_files;   /* --var-file */
    StrList environment; /* of the process, without TF_VAR_: NAME=VALUE */
    Str module_dir;      /* --module-dir, or empty */
    Str helm;            /* --helm: a path, a name, or "none"; empty: the one on PATH */
    StrList helm_values; /* --helm-values: files by comma, of one render each */
    HelmWorld world;     /* of the process: what programs are told */
    Str source;          /* --source, or empty */
    Str workspace;       /* TF_WORKSPACE, or empty */
    Str root;            /* --root, or empty */
    Str config;          /* --config, or empty: the nearest */
    Severity report_at;
    Severity fail_on;
    bool blocks;          /* false: no finding makes the scan fail */
    bool report_at_given; /* they are the user's: the configuration does not matter */
    bool fail_on_given;
    bool all_verdicts;
    bool show_unknown;
    bool keep_excerpts;
    bool keep_fixes;      /* hand over how findings would be put right */
    bool keep_every;      /* hand over passes and unknowns of the rules that run too */
    bool no_suppressions; /* --no-suppressions */
    bool allow_empty;
    uint32_t min_score; /* 0: none */
    uint32_t jobs;
    Str baseline;             /* --baseline: a file, or empty */
    Str since;                /* --since: a revision of git, or empty */
    bool staged;              /* --staged: what git's index holds */
    bool keep_unchanged;      /* hand over what is as it was before, too */
    const FileCache *changed; /* texts in place of those of files, by absolute path; may be NULL */
} SetupOptions;

/* Everything lives in the arena that was given, but for what setup_free() ends. Not to be moved. */
typedef struct Setup {
    Arena *arena;
    ProblemList problems; /* of the configuration, the rules, the options */
    Config config;
    Sources config_sources; /* its text */
    Str config_base;        /* from the boundary to the directory that its paths begin in */
    Str config_root;        /* that directory, absolute, with its slash; empty without a file */
    RuleSet shipped;
    RuleSet user;
    RuleContext user_context;
    RulePaths rule_paths;
    const RuleSet *sets[2];
    uint32_t set_count;
    Symbols symbols;
    Discovery modules; /* --module-dir: its one root, or none */
    ProviderDefaults defaults;
    ChartOptions charts;
    Settings settings; /* what was said of rules */
    ScanOptions scan;
    Sides sides; /* of git, where that was asked for */
    RuleSet met; /* the user's rules once more, and those of policies that the scan has met */
    RuleContext met_context;
    const RuleSet *met_sets[2];
    Symbols met_symbols;
    Settings met_settings;
    const SetupOptions *options;
    bool keep_unchanged;
    bool has_baseline;
    Baseline baseline;
    Discovery baseline_roots; /* what is scanned, opened for the baseline to look around */
} Setup;

/* The shipped rules and those that the options name. False after any mistake in those, which is in
 * `setup->problems`. The caller ends with setup_free() either way. */
bool setup_rules(const SetupOptions *options, Arena *arena, Setup *setup);

/* The same with configuration, and with `setup->scan` ready for scan_run(). */
bool setup_scan(const SetupOptions *options, Arena *arena, Setup *setup);

/* Runs the scan that was set up: scan_run(), or what is made of it where git was asked for. */
void setup_run(Setup *setup, const ScanObserver *observer, Arena *arena, ScanResult *result);

void setup_free(Setup *setup);

/* "2026.1#0123abcd", the version of the shipped rules and the start of the hash of all. */
Str setup_ruleset(const Setup *setup);

/* The rule that `name` most likely meant, or an empty Str. */
Str setup_nearest_rule(const Setup *setup, Str name);

#endif
