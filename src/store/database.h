/*
 * store/database.h - an SQLite database, by a library that is opened when it is asked for
 *
 * Linked, SQLite would cost every start of plumb, and few runs keep a history. What plumb uses of
 * its interface is declared in sqlite.def, so that plumb builds and scans where SQLite is missing.
 *
 * A database may come from anybody. It is opened so that its schema can run nothing, and each page
 * is checked before it is trusted.
 */
#ifndef PLUMB_STORE_DATABASE_H
#define PLUMB_STORE_DATABASE_H

#include "base/str.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;

typedef struct Sqlite {
    void *handle;
#define FUNCTION(result, name, arguments) result(*name) arguments;
#include "store/sqlite.def"
#undef FUNCTION
} Sqlite;

typedef enum DatabaseStatus {
    DATABASE_GOOD,
    DATABASE_DAMAGED, /* what is there is no database, or no longer a whole one */
    DATABASE_FAILED,  /* the rest: no library, no right, a full disk, another writer */
} DatabaseStatus;

/* Once something went wrong, all that follows does nothing, so that only the end needs a check. */
typedef struct Database {
    Sqlite sqlite;
    sqlite3 *handle;
    sqlite3_stmt *statement; /* the one that is being run */
    DatabaseStatus status;
    Str message; /* what went wrong; in `arena` */
    Arena *arena;
} Database;

/* Opens `path`, which must exist, for reading only where writing is not allowed. What a killed
 * writer left behind is taken back. The caller ends with database_close() either way. */
void database_open(Database *database, const char *path, Arena *arena);
void database_close(Database *database);

/* What the caller finds out: that the content is not what it wrote. */
void database_damaged(Database *database, const char *message);

/* Runs `sql`, one statement whose rows nobody wants. */
void database_run(Database *database, const char *sql);

/* Runs a statement row by row: begin, bind from 1 on, then database_row() until it is false. */
void database_begin(Database *database, const char *sql);
void database_bind_number(Database *database, int index, int64_t number);
void database_bind_text(Database *database, int index, Str text);
bool database_row(Database *database);

/* Columns of the row, from 0 on. A text is in the arena. */
bool database_is_null(const Database *database, int column);
int64_t database_number(const Database *database, int column);
Str database_text(Database *database, int column);

#endif
