/* A shell script's bytes to commands; every span has to lie in the text. */
#include <assert.h>
#include <stdlib.h>

#include "syntax/shell.h"

static void check_mark(const ShellScript *script, const ShellMark *mark, size_t size)
{
    assert(mark->start <= mark->end && mark->end <= size);
    assert(mark->command == SHELL_NO_COMMAND || mark->command < script->count);
    assert(mark->inner == SHELL_NO_COMMAND || mark->inner < script->count);
    assert(mark->kind < SHELL_MARK_COUNT && shell_mark_name((ShellMarkKind)mark->kind).size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Span span, size_t size)
{
    assert(span.start <= span.end && span.end <= size);
}

static void check_command(const ShellCommand *command, size_t size)
{
    check(command->span, size);
    assert(command->position < command->pipeline_size);
    for (uint32_t i = 0; i < command->word_count; i++) {
        check(command->words[i].span, size);
        assert(command->words[i].known <= command->words[i].text.size);
    }
    for (uint32_t i = 0; i < command->assignment_count; i++)
        check(command->assignments[i].span, size);
    for (uint32_t i = 0; i < command->redirect_count; i++)
        check(command->redirects[i].span, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);

    if (arena && copy) {
        DiagSink diags = diags_new(arena);
        OffsetStep step = {0, 0};
        MappedText text = {{copy, (uint32_t)size}, 0, {0, 0, (uint32_t)size}, &step, 1};
        ShellScript *script;
        if (size)
            memcpy(copy, data, size);
        script = shell_read(&text, (ShellOptions){false, false}, arena, &diags);
        for (uint32_t i = 0; script && script->complete && i < script->count; i++)
            check_command(&script->commands[i], size);
        for (uint32_t i = 0; script && i < script->mark_count; i++)
            check_mark(script, &script->marks[i], size);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
