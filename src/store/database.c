#include "store/database.h"

#include <dlfcn.h>

/* Of sqlite3.h. */
#define RESULT_OK 0
#define RESULT_CORRUPT 11
#define RESULT_NOTADB 26
#define RESULT_ROW 100
#define RESULT_DONE 101
#define OPEN_READWRITE 0x2
#define CONFIG_DEFENSIVE 1010
#define CONFIG_TRUSTED_SCHEMA 1017
#define TYPE_NULL 5

/* For others than plumb, whose writers wait for each other before (store/locked_file.h). */
#define WAIT_MILLISECONDS 10000

static void fail(Database *database, DatabaseStatus status, const char *message)
{
    if (database->status != DATABASE_GOOD)
        return;
    database->status = status;
    database->message = str_copy(database->arena, str_of(message));
}

/* --- the library --- */

static bool find_functions(Sqlite *sqlite)
{
    bool good = true;

#define FUNCTION(result, name, arguments)                                                          \
    sqlite->name = (result(*) arguments)dlsym(sqlite->handle, #name);                              \
    good = good && sqlite->name;
#include "store/sqlite.def"
#undef FUNCTION
    return good;
}

static bool open_library(Sqlite *sqlite)
{
    static const char *const names[] = {"libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"};

    for (size_t i = 0; i < sizeof names / sizeof *names && !sqlite->handle; i++)
        sqlite->handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return sqlite->handle && find_functions(sqlite);
}

/* Sorts what the library says into the three kinds. */
static void check(Database *database, int result)
{
    int kind = result & 0xff;

    if (kind == RESULT_OK || kind == RESULT_ROW || kind == RESULT_DONE)
        return;
    fail(database,
         kind == RESULT_CORRUPT || kind == RESULT_NOTADB ? DATABASE_DAMAGED : DATABASE_FAILED,
         database->handle ? database->sqlite.sqlite3_errmsg(database->handle) : "memory is short");
}

/* --- opening --- */

static void check_pages(Database *database)
{
    database_begin(database, "PRAGMA quick_check(1)");
    if (database_row(database) && !str_eq(database_text(database, 0), STR("ok")))
        fail(database, DATABASE_DAMAGED, "its pages do not fit together");
    while (database_row(database))
        ;
}

void database_open(Database *database, const char *path, Arena *arena)
{
    Sqlite *sqlite = &database->sqlite;

    *database = (Database){.arena = arena};
    if (!open_library(sqlite)) {
        fail(database, DATABASE_FAILED, "SQLite (libsqlite3) is not installed here");
        return;
    }
    check(database, sqlite->sqlite3_open_v2(path, &database->handle, OPEN_READWRITE, NULL));
    if (database->status != DATABASE_GOOD)
        return;
    sqlite->sqlite3_busy_timeout(database->handle, WAIT_MILLISECONDS);
    sqlite->sqlite3_db_config(database->handle, CONFIG_DEFENSIVE, 1, NULL);
    sqlite->sqlite3_db_config(database->handle, CONFIG_TRUSTED_SCHEMA, 0, NULL);
    check_pages(database);
}

static void end_statement(Database *database)
{
    if (database->statement)
        database->sqlite.sqlite3_finalize(database->statement);
    database->statement = NULL;
}

void database_close(Database *database)
{
    end_statement(database);
    if (database->handle)
        database->sqlite.sqlite3_close(database->handle);
    if (database->sqlite.handle)
        dlclose(database->sqlite.handle);
    database->handle = NULL;
    database->sqlite.handle = NULL;
}

void database_damaged(Database *database, const char *message)
{
    fail(database, DATABASE_DAMAGED, message);
}

/* --- statements --- */

void database_begin(Database *database, const char *sql)
{
    end_statement(database);
    if (database->status == DATABASE_GOOD)
        check(database, database->sqlite.sqlite3_prepare_v2(database->handle, sql, -1,
                                                            &database->statement, NULL));
}

void database_bind_number(Database *database, int index, int64_t number)
{
    if (database->status == DATABASE_GOOD)
        check(database, database->sqlite.sqlite3_bind_int64(database->statement, index, number));
}

/* The text outlives the statement, so the library needs no copy. */
void database_bind_text(Database *database, int index, Str text)
{
    if (database->status == DATABASE_GOOD)
        check(database,
              database->sqlite.sqlite3_bind_text(database->statement, index,
                                                 text.data ? text.data : "", (int)text.size, NULL));
}

bool database_row(Database *database)
{
    int result;

    if (database->status != DATABASE_GOOD || !database->statement)
        return false;
    result = database->sqlite.sqlite3_step(database->statement);
    check(database, result);
    if (result != RESULT_ROW)
        end_statement(database);
    return result == RESULT_ROW;
}

void database_run(Database *database, const char *sql)
{
    database_begin(database, sql);
    while (database_row(database))
        ;
}

bool database_is_null(const Database *database, int column)
{
    return database->sqlite.sqlite3_column_type(database->statement, column) == TYPE_NULL;
}

int64_t database_number(const Database *database, int column)
{
    return database->sqlite.sqlite3_column_int64(database->statement, column);
}

Str database_text(Database *database, int column)
{
    const unsigned char *text = database->sqlite.sqlite3_column_text(database->statement, column);
    int size = database->sqlite.sqlite3_column_bytes(database->statement, column);

    return str_copy(database->arena, text ? (Str){(const char *)text, (uint32_t)size} : STR(""));
}
