/* tests/unit/test_dockerfile.c - syntax/dockerfile.c, docker_lines.c, docker_json.c, mapped.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "syntax/dockerfile.h"

typedef struct Fixture {
    Arena *arena;
    Sources sources;
    DiagSink diags;
    Source *source;
    Dockerfile *file;
} Fixture;

static Fixture read_text(Str text)
{
    Fixture f = {.arena = arena_new((size_t)1 << 24)};

    assert_non_null(f.arena);
    f.sources = sources_new(f.arena);
    f.diags = diags_new(f.arena);
    f.source = sources_add(&f.sources, STR("Dockerfile"), text);
    assert_non_null(f.source);
    f.file = dockerfile_read(f.source, f.arena, &f.diags);
    return f;
}

static void add_span(Buf *buf, const Fixture *f, Span span)
{
    buf_add_char(buf, '<');
    buf_add(buf, str_sub(f->source->text, span.start, span.end - span.start));
    buf_add_char(buf, '>');
}

static void dump_instr(Buf *buf, const Fixture *f, const DockerInstr *instr)
{
    buf_printf(buf, "%.*s%s", STR_ARG(docker_op_name(instr->op)), instr->exec_form ? " exec" : "");
    for (uint32_t i = 0; i < instr->flag_count; i++)
        buf_printf(buf, " --%.*s=%.*s", STR_ARG(instr->flags[i].name),
                   STR_ARG(instr->flags[i].value));
    for (uint32_t i = 0; i < instr->word_count; i++) {
        buf_printf(buf, " [%.*s]", STR_ARG(instr->words[i].text));
        add_span(buf, f, instr->words[i].span);
    }
    for (uint32_t i = 0; i < instr->pair_count; i++)
        buf_printf(buf, " %.*s%s%.*s", STR_ARG(instr->pairs[i].name.text),
                   instr->pairs[i].has_value ? "=" : "", STR_ARG(instr->pairs[i].value.text));
    if (!instr->word_count && !instr->pair_count && !instr->nested)
        buf_printf(buf, " '%.*s'", STR_ARG(instr->text.text));
    for (uint32_t i = 0; i < instr->heredoc_count && !instr->nested; i++)
        buf_printf(buf, " %.*s{%.*s}", STR_ARG(instr->heredocs[i].name),
                   STR_ARG(instr->heredocs[i].body.text));
    if (instr->nested) {
        buf_add_z(buf, " -> ");
        dump_instr(buf, f, instr->nested);
    }
}

static Str dump(const Fixture *f)
{
    Buf buf = buf_new(f->arena);

    for (const DockerInstr *instr = f->file->first; instr; instr = instr->next) {
        dump_instr(&buf, f, instr);
        buf_add_char(&buf, '\n');
    }
    return buf_str(&buf);
}

static void assert_text(Str text, const char *expected)
{
    if (!str_eq(text, str_of(expected)))
        fail_msg("got\n%.*s\ninstead of\n%s", STR_ARG(text), expected);
}

typedef struct Case {
    const char *text, *tree, *diags;
} Case;

static void run_cases(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Fixture f = read_text(str_of(cases[i].text));
        assert_non_null(f.file);
        assert_text(dump(&f), cases[i].tree);
        assert_text(diags_dump(&f.diags, &f.sources, f.arena), cases[i].diags);
        arena_free(f.arena);
    }
}

static void every_form_of_instruction_is_read(void **state)
{
    static const Case cases[] = {
        {"FROM --platform=linux/arm64 debian:12 AS build\n",
         "FROM --platform=linux/arm64 [debian:12]<debian:12> [AS]<AS> [build]<build>\n", ""},
        {"copy --from=a --chown=\"b c\" x y z/",
         "COPY --from=a --chown=\"b c\" [x]<x> [y]<y> [z/]<z/>\n", ""},
        {"COPY [\"a b\", \"c\"]", "COPY exec [a b]<\"a b\"> [c]<\"c\">\n", ""},
        {"CMD [ \"\\u00e9\\n\" ,\"\\\"\" ]",
         "CMD exec [\xc3\xa9\n]<\"\\u00e9\\n\"> [\"]<\"\\\"\">\n", ""},
        {"CMD []", "CMD exec '[]'\n", ""},
        {"CMD [\"a\", b]", "CMD '[\"a\", b]'\n", ""},
        {"ENV A=1 B=\"x y\" C=a\\ b D=", "ENV A=1 B=\"x y\" C=a\\ b D=\n", ""},
        {"ENV A  x=1 y", "ENV A=x=1 y\n", ""},
        {"ARG A B=2", "ARG A B=2\n", ""},
        {"LABEL \"a.b\"='c d'", "LABEL \"a.b\"='c d'\n", ""},
        {"USER  app : x ", "USER [app : x]<app : x>\n", ""},
        {"HEALTHCHECK --interval=5s CMD curl x || exit 1",
         "HEALTHCHECK --interval=5s 'curl x || exit 1'\n", ""},
        {"HEALTHCHECK NONE", "HEALTHCHECK ''\n", ""},
        {"ONBUILD ADD . /x", "ONBUILD -> ADD [.]<.> [/x]</x>\n", ""},
        {"SHELL [\"/bin/bash\", \"-c\"]", "SHELL exec [/bin/bash]<\"/bin/bash\"> [-c]<\"-c\">\n",
         ""},
        {"RUN --mount=type=cache,target=/c --network=none make -- x",
         "RUN --mount=type=cache,target=/c --network=none 'make -- x'\n", ""},
    };

    (void)state;
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void lines_go_on_over_comments_and_blank_lines(void **state)
{
    static const Case cases[] = {
        {"RUN a \\\n  # why\n\n  b \\  \n c\nRUN d", "RUN 'a   b  c'\nRUN 'd'\n", ""},
        {"# escape=`\nCOPY a `\r\n  c:\\x\\\r\nRUN e", "COPY [a]<a> [c:\\x\\]<c:\\x\\>\nRUN 'e'\n",
         ""},
        {"RUN a \\\\\nRUN b \\", "RUN 'a \\\\'\nRUN 'b'\n", ""},
        {"EXPOSE 80\\\n81 \\\n82", "EXPOSE [8081]<80\\\n81> [82]<82>\n", ""},
        {"\xef\xbb\xbf# syntax=docker/dockerfile:1\n# escape=`\n# a=b\n# escape=\\\nRUN a `\nb",
         "RUN 'a b'\n", ""},
        {"\\\n\\\n", "", ""},
    };

    (void)state;
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void heredocs_end_where_their_names_stand(void **state)
{
    static const Case cases[] = {
        {"RUN <<EOF\na\n EOF\nEOF\nRUN b", "RUN '<<EOF' EOF{a\n EOF\n}\nRUN 'b'\n", ""},
        {"RUN cat <<-A <<\"B\" >x\n\ta\n\tA\n$b\nB\nUSER u",
         "RUN 'cat <<-A <<\"B\" >x' A{\ta\n} B{$b\n}\nUSER [u]<u>\n", ""},
        {"ONBUILD COPY <<A /x\r\na\r\nA\r\nUSER u",
         "ONBUILD -> COPY [<<A]<<<A> [/x]</x> A{a\r\n}\nUSER [u]<u>\n", ""},
        {"RUN echo $((1<<3)) <<<x", "RUN 'echo $((1<<3)) <<<x'\n", ""},
        {"RUN <<EOF\na", "RUN '<<EOF' EOF{a}\n",
         "Dockerfile:1:5: error[docker-syntax]: the heredoc EOF has no end\n"},
    };

    (void)state;
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void a_mistake_costs_its_own_line(void **state)
{
    static const Case cases[] = {
        {"FROM a\nRUNN x\nUSER b", "FROM [a]<a>\nUSER [b]<b>\n",
         "Dockerfile:2:1: error[docker-syntax]: unknown instruction RUNN (Did you mean RUN?)\n"},
        {"FROM\nCOPY a\nUSER\nENV a\nSHELL sh\nONBUILD\nHEALTHCHECK x\nEXPOSE 1", "EXPOSE [1]<1>\n",
         "Dockerfile:1:1: error[docker-syntax]: FROM names no image\n"
         "Dockerfile:2:1: error[docker-syntax]: COPY needs a source and a destination\n"
         "Dockerfile:3:1: error[docker-syntax]: USER needs an argument\n"
         "Dockerfile:4:1: error[docker-syntax]: ENV needs a name and a value\n"
         "Dockerfile:5:1: error[docker-syntax]: SHELL needs a JSON array of strings\n"
         "Dockerfile:6:1: error[docker-syntax]: ONBUILD needs an instruction\n"
         "Dockerfile:7:1: error[docker-syntax]: HEALTHCHECK needs NONE or CMD\n"},
        {"ENV a=1 b c=2", "ENV a=1 c=2\n",
         "Dockerfile:1:9: error[docker-syntax]: ENV needs name=value here\n"},
        {"# escape=x\nUSER a", "USER [a]<a>\n",
         "Dockerfile:1:10: error[docker-syntax]: the escape character must be \\ or `\n"},
        {"ONBUILD ONBUILD ONBUILD ONBUILD ONBUILD ONBUILD RUN x\n", "",
         "Dockerfile:1:33: error[docker-syntax]: ONBUILD is nested too deeply\n"},
    };

    (void)state;
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void a_misspelt_instruction_is_recognised(void **state)
{
    Fixture f = read_text(STR("ENTRIPOINT x"));

    (void)state;
    assert_text(f.diags.first->help, "Did you mean ENTRYPOINT?");
    arena_free(f.arena);
}

static void comments_are_kept(void **state)
{
    Fixture f = read_text(STR("# syntax=x\n# one  \nRUN a \\\n  # two\n b\n#three"));

    (void)state;
    assert_int_equal(f.file->comment_count, 3);
    assert_text(f.file->syntax.text, "x");
    assert_text(f.file->comments[0].text, "# one");
    assert_text(f.file->comments[1].text, "# two");
    assert_int_equal(f.file->comments[2].span.start, 38);
    arena_free(f.arena);
}

static void any_arena_limit_is_survived(void **state)
{
    static const Str text = STR_INIT("# c\nFROM a AS b\nRUN <<A x \\\n y\nz\nA\nENV a=1 b=2\nCMD "
                                     "[\"\\u0041\"]\nONBUILD COPY --from=a b c\nRUNN x\n");

    (void)state;
    for (size_t limit = 0; limit < 16384; limit += 64) {
        Arena *arena = arena_new(limit);
        Sources sources = sources_new(arena);
        DiagSink diags = diags_new(arena);
        Source *source = sources_add(&sources, STR("Dockerfile"), text);
        Dockerfile *file = source ? dockerfile_read(source, arena, &diags) : NULL;
        assert_true(!file || file->count == 5);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_instruction_is_read),
        cmocka_unit_test(lines_go_on_over_comments_and_blank_lines),
        cmocka_unit_test(heredocs_end_where_their_names_stand),
        cmocka_unit_test(a_mistake_costs_its_own_line),
        cmocka_unit_test(a_misspelt_instruction_is_recognised),
        cmocka_unit_test(comments_are_kept),
        cmocka_unit_test(any_arena_limit_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
