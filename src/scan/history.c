#include "scan/history.h"

#include <errno.h>
#include <unistd.h>

#include "store/database.h"
#include "store/locked_file.h"

/* What the one table of a history is made of; a file with anything else is left alone. */
#define TABLE                                                                                      \
    "CREATE TABLE scan (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, name TEXT NOT NULL, "       \
    "branch TEXT NOT NULL, commit_id TEXT NOT NULL, formula TEXT NOT NULL, "                       \
    "ruleset TEXT NOT NULL, selection TEXT NOT NULL, incomplete INTEGER NOT NULL, "                \
    "overall INTEGER, security INTEGER, reliability INTEGER, automation INTEGER, "                 \
    "gitops INTEGER, cost INTEGER, observability INTEGER, documentation INTEGER, "                 \
    "low INTEGER NOT NULL, medium INTEGER NOT NULL, "                                              \
    "high INTEGER NOT NULL, critical INTEGER NOT NULL)"
/* Of the file's header: "plmb", and which TABLE it has. */
#define APPLICATION 1886154082
#define VERSION 1
#define TEXT_OF(number) #number
#define NUMBER(name) TEXT_OF(name)

#define COLUMNS                                                                                    \
    "time, name, branch, commit_id, formula, ruleset, selection, incomplete, overall, security, "  \
    "reliability, automation, gitops, cost, observability, documentation, low, medium, "           \
    "high, critical"
#define CHOSEN "(?1 = '' OR name = ?1) AND (?2 = '' OR branch = ?2)"

/* The place of a category's and a severity's value among COLUMNS. */
enum {
    COLUMN_OVERALL = 8,
    COLUMN_CATEGORIES = 9,
    COLUMN_FAILED = COLUMN_CATEGORIES + SCORE_CATEGORIES - SEVERITY_LOW,
};

static bool refuse(ProblemList *problems, Str path, Str message, Str help)
{
    problem_error(problems, DIAG_HISTORY, path, message, help);
    return false;
}

static bool refuse_file(ProblemList *problems, Str path, const char *what, Arena *arena)
{
    Str reason = str_of(errno == EBUSY ? "another run keeps it locked" : strerror(errno));

    return refuse(problems, path, str_format(arena, "%s: %.*s", what, STR_ARG(reason)), STR(""));
}

static bool refuse_database(ProblemList *problems, Str path, const char *what,
                            const Database *database)
{
    return refuse(problems, path,
                  str_format(database->arena, "%s: %.*s", what, STR_ARG(database->message)),
                  STR(""));
}

HistoryEntry history_entry(const Score *score, Str ruleset)
{
    HistoryEntry entry = {.score = score_record_of(score, ruleset),
                          .incomplete = score->incomplete};

    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        const ScoreValue *value = &score->categories[i];
        for (uint32_t j = 0; j < value->lost_count; j++)
            for (int k = SEVERITY_LOW; k <= SEVERITY_CRITICAL; k++)
                entry.failed[k] += value->lost[j].tally.failed[k];
    }
    return entry;
}

/* --- the table --- */

typedef enum Content {
    CONTENT_NONE,
    CONTENT_HISTORY,
    CONTENT_FOREIGN,
} Content;

static bool is_marked(Database *database)
{
    database_begin(database, "SELECT application_id, user_version FROM pragma_application_id, "
                             "pragma_user_version");
    return database_row(database) && database_number(database, 0) == APPLICATION &&
           database_number(database, 1) == VERSION;
}

/* What says that it is a history, and has something else in it, was one. */
static Content read_content(Database *database)
{
    bool marked = is_marked(database);
    Content content = CONTENT_NONE;

    database_begin(database, "SELECT sql FROM sqlite_master");
    while (database_row(database)) {
        bool known = str_eq(database_text(database, 0), STR(TABLE));
        content = known && content == CONTENT_NONE ? CONTENT_HISTORY : CONTENT_FOREIGN;
    }
    if (marked && content != CONTENT_HISTORY)
        database_damaged(database, "its table is not that of a history");
    return content;
}

static void make_table(Database *database)
{
    database_run(database, TABLE);
    database_run(database, "PRAGMA application_id = " NUMBER(APPLICATION));
    database_run(database, "PRAGMA user_version = " NUMBER(VERSION));
}

static bool refuse_content(ProblemList *problems, Str path)
{
    return refuse(problems, path, STR("this is no history that this version of plumb writes"),
                  STR("name another file; it is made where there is none"));
}

/* --- writing --- */

/* What is n/a is NULL, which no binding needs. */
static void bind_score(Database *database, int column, int32_t value)
{
    if (value >= 0)
        database_bind_number(database, column + 1, value);
}

static void insert(Database *database, const HistoryEntry *entry)
{
    database_begin(database, "INSERT INTO scan (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                             "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    database_bind_number(database, 1, entry->time);
    database_bind_text(database, 2, entry->name);
    database_bind_text(database, 3, entry->branch);
    database_bind_text(database, 4, entry->commit);
    database_bind_text(database, 5, entry->score.version);
    database_bind_text(database, 6, entry->score.ruleset);
    database_bind_text(database, 7, entry->score.selection);
    database_bind_number(database, 8, entry->incomplete);
    bind_score(database, COLUMN_OVERALL, entry->score.overall);
    for (int i = 0; i < SCORE_CATEGORIES; i++)
        bind_score(database, COLUMN_CATEGORIES + i, entry->score.categories[i]);
    for (int i = SEVERITY_LOW; i <= SEVERITY_CRITICAL; i++)
        database_bind_number(database, COLUMN_FAILED + i + 1, (int64_t)entry->failed[i]);
    while (database_row(database))
        ;
}

/* One transaction, which closing the database takes back if it did not come to its end. */
static Content write_entry(Database *database, const char *path, const HistoryEntry *entry,
                           Arena *arena)
{
    Content content;

    database_open(database, path, arena);
    database_run(database, "BEGIN IMMEDIATE");
    content = read_content(database);
    if (content != CONTENT_FOREIGN) {
        if (content == CONTENT_NONE)
            make_table(database);
        insert(database, entry);
        database_run(database, "COMMIT");
    }
    database_close(database);
    return content;
}

static bool set_aside(LockedFile *file, Str path, Arena *arena, ProblemList *problems)
{
    Str name = locked_file_set_aside(file, arena);
    Problem problem = {
        .level = DIAG_WARNING, .code = diag_code_id(DIAG_HISTORY), .place.file = path};

    if (!name.data)
        return refuse_file(problems, path, "it is damaged, and cannot be put aside", arena);
    problem.message =
        str_format(arena, "it was damaged and is now %.*s; a new history begins", STR_ARG(name));
    problem_add(problems, &problem);
    return true;
}

bool history_record(Str path, const HistoryEntry *entry, Arena *arena, ProblemList *problems)
{
    const char *name = str_copy_z(arena, path);
    Database database = {.status = DATABASE_FAILED};
    Content content = CONTENT_NONE;
    LockedFile file;

    if (!name || !locked_file_open(&file, name))
        return refuse_file(problems, path, "no history can be kept there", arena);
    content = write_entry(&database, name, entry, arena);
    if (database.status == DATABASE_DAMAGED && set_aside(&file, path, arena, problems))
        content = write_entry(&database, name, entry, arena);
    locked_file_close(&file);
    if (database.status == DATABASE_GOOD && content == CONTENT_FOREIGN)
        return refuse_content(problems, path);
    return database.status == DATABASE_GOOD ||
           refuse_database(problems, path, "the scan is not recorded", &database);
}

/* --- reading --- */

static int32_t score_at(const Database *database, int column)
{
    int64_t value = database_is_null(database, column) ? -1 : database_number(database, column);

    return value >= 0 && value <= 100 ? (int32_t)value : -1;
}

static uint64_t count_at(const Database *database, int column)
{
    int64_t value = database_number(database, column);

    return value < 0 ? 0 : (uint64_t)value;
}

static void read_entry(Database *database, HistoryEntry *entry)
{
    *entry = (HistoryEntry){.time = database_number(database, 0),
                            .name = database_text(database, 1),
                            .branch = database_text(database, 2),
                            .commit = database_text(database, 3),
                            .incomplete = database_number(database, 7) != 0};
    entry->score.version = database_text(database, 4);
    entry->score.ruleset = database_text(database, 5);
    entry->score.selection = database_text(database, 6);
    entry->score.overall = score_at(database, COLUMN_OVERALL);
    for (int i = 0; i < SCORE_CATEGORIES; i++)
        entry->score.categories[i] = score_at(database, COLUMN_CATEGORIES + i);
    for (int i = SEVERITY_LOW; i <= SEVERITY_CRITICAL; i++)
        entry->failed[i] = count_at(database, COLUMN_FAILED + i);
}

/* The newest of each name are numbered from 1 on. */
static void read_entries(Database *database, const HistoryQuery *query, History *history)
{
    uint32_t capacity = 0;

    database_begin(database, "SELECT " COLUMNS
                             " FROM (SELECT *, row_number() OVER (PARTITION BY name ORDER BY id "
                             "DESC) AS number FROM scan WHERE " CHOSEN
                             ") WHERE number <= ?3 ORDER BY name, id");
    database_bind_text(database, 1, query->name);
    database_bind_text(database, 2, query->branch);
    database_bind_number(database, 3, query->most);
    while (database_row(database)) {
        HistoryEntry *grown = arena_grow(database->arena, history->entries, history->count,
                                         &capacity, (size_t)history->count + 1, sizeof *grown);
        if (!grown)
            return;
        history->entries = grown;
        read_entry(database, &grown[history->count++]);
    }
}

bool history_read(Str path, const HistoryQuery *query, Arena *arena, ProblemList *problems,
                  History *history)
{
    const char *name = str_copy_z(arena, path);
    Database database;
    Content content;

    *history = (History){0};
    if (!name || access(name, F_OK) != 0)
        return refuse(problems, path, STR("there is no history"),
                      STR("`plumb history record --history FILE PATH` begins one"));
    database_open(&database, name, arena);
    content = read_content(&database);
    if (content == CONTENT_HISTORY)
        read_entries(&database, query, history);
    database_close(&database);
    if (database.status == DATABASE_DAMAGED)
        return refuse_database(problems, path,
                               "it is damaged, and the next recording puts it aside", &database);
    if (database.status == DATABASE_FAILED)
        return refuse_database(problems, path, "it cannot be read", &database);
    return content != CONTENT_FOREIGN || refuse_content(problems, path);
}

bool history_compares(const HistoryEntry *a, const HistoryEntry *b)
{
    return str_eq(a->score.version, b->score.version) &&
           str_eq(a->score.ruleset, b->score.ruleset) &&
           str_eq(a->score.selection, b->score.selection);
}

/* How many entries at the end compare with the last: a change of rules is no change of what they
 * judge. */
static uint32_t count_tail(const HistoryEntry *entries, uint32_t count)
{
    uint32_t tail = count > 0;

    while (tail < count && history_compares(&entries[count - 1 - tail], &entries[count - 1]))
        tail++;
    return tail;
}

HistoryTrend history_trend(const HistoryEntry *entries, uint32_t count, uint32_t category)
{
    uint32_t tail = count_tail(entries, count);
    HistoryTrend trend = {.entries = entries + (count - tail), .count = tail, .least = 100};

    for (uint32_t i = 0; i < tail; i++) {
        int32_t value = score_record_value(&trend.entries[i].score, category);
        if (value < 0)
            continue;
        trend.first = trend.judged++ ? trend.first : value;
        trend.last = value;
        trend.least = value < trend.least ? value : trend.least;
        trend.most = value > trend.most ? value : trend.most;
    }
    return trend;
}
