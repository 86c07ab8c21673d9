/* tests/unit/test_shell.c - syntax/shell.c, shell_words.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "syntax/shell.h"

static ShellScript *read_script(Arena *arena, DiagSink *diags, Str text, ShellOptions options)
{
    OffsetStep *step = ARENA_NEW(arena, OffsetStep);
    MappedText mapped = {text, 0, {0, 0, text.size}, step, 1};

    return step ? shell_read(&mapped, options, arena, diags) : NULL;
}

/* A command as its words between bars, with marks for what it stands in. */
static void dump_command(Buf *buf, const ShellCommand *command, Str text)
{
    static const char *const joins[] = {"", "; ", "&& ", "|| ", "| ", "& "};

    buf_add_z(buf, joins[command->join]);
    for (uint32_t i = 0; i < command->assignment_count; i++)
        buf_printf(buf, "%.*s:=%.*s ", STR_ARG(command->assignments[i].name),
                   STR_ARG(command->assignments[i].value.text));
    for (uint32_t i = 0; i < command->word_count; i++) {
        const ShellWord *word = &command->words[i];
        buf_printf(buf, "%s%.*s%s", i ? " " : "", STR_ARG(word->text),
                   word->flags & SHELL_SPLITS    ? "~"
                   : word->flags & SHELL_EXPANDS ? "^"
                                                 : "");
        assert_true(str_eq(word->written,
                           str_sub(text, word->span.start, word->span.end - word->span.start)));
    }
    for (uint32_t i = 0; i < command->redirect_count; i++)
        buf_printf(buf, " {%d%.*s%.*s}", command->redirects[i].fd,
                   STR_ARG(command->redirects[i].op), STR_ARG(command->redirects[i].target.text));
    buf_printf(buf, "%s%s%s%s%s%s\n", command->conditional ? " ?" : "",
               command->substitution ? " $" : "", command->subshell ? " ()" : "",
               command->function ? " f" : "", command->errexit ? " e" : "",
               command->pipefail ? " p" : "");
}

static void assert_script(const char *text, const char *expected, bool complete)
{
    Arena *arena = arena_new((size_t)1 << 24);
    DiagSink diags = diags_new(arena);
    ShellScript *script = read_script(arena, &diags, str_of(text), (ShellOptions){false, false});
    Buf buf = buf_new(arena);

    assert_non_null(script);
    for (uint32_t i = 0; i < script->count; i++)
        dump_command(&buf, &script->commands[i], str_of(text));
    if (!str_eq(buf_str(&buf), str_of(expected)))
        fail_msg("%s\ngives\n%.*s\ninstead of\n%s", text, STR_ARG(buf_str(&buf)), expected);
    assert_int_equal(script->complete, complete);
    assert_int_equal(diags.count, complete ? 0 : 1);
    arena_free(arena);
}

static void words_lose_their_quotes(void **state)
{
    (void)state;
    assert_script("a 'b c'\"d\"e\\ f $'\\t' \"\\$x\\n\"", "a b cde f \t $x\\n\n", true);
    assert_script("a $b \"$c\" x${d:-\"}\"}y `e` $(f) $((1+2)) $ \"$(g \"h\")\"",
                  "e $\nf $\ng h $\na $b~ $c^ x${d:-\"}\"}y~ `e`~ $(f)~ $((1+2))~ $ $(g \"h\")^\n",
                  true);
    assert_script("a \\\n b # c\nd#e", "a b\n; d#e\n", true);
    assert_script("a @(b|c) *.[ch] <(d | e)", "d $\n| e $\na @(b|c) *.[ch] <(d | e)^\n", true);
}

static void lists_and_pipelines_are_told_apart(void **state)
{
    (void)state;
    assert_script("a && b || c; d & e | f |& g\nh", "a\n&& b\n|| c ?\n; d\n& e\n| f\n| g\n; h\n",
                  true);
    assert_script("! a | b; time c", "a\n| b\n; c\n", true);
    assert_script("{ a; b; } | (c; d) && e", "a\n; b\nc ()\n; d ()\n&& e\n", true);
}

static void compound_commands_hold_commands(void **state)
{
    (void)state;
    assert_script("if a; then b; elif c; then d; else e; fi", "a\nb ?\nc\nd ?\ne ?\n", true);
    assert_script("for i in x $(y); do z $i; done; for ((i=0;i<1;i++)); do w; done",
                  "y $\nz $i~ ?\nw ?\n", true);
    assert_script("while a; do b; done < c; until d; do e; done", "a\nb ?\nd\ne ?\n", true);
    assert_script("case $1 in a|b) c;; (d) e;& *) f;; esac; g", "c ?\ne ?\nf ?\n; g\n", true);
    assert_script("f() { a; }; function g { b; }; h", "a f\nb f\n; h\n", true);
    assert_script("[[ a && b < (c) ]] && ((1<2)) && d", "[[ a b c ]]\n&& d\n", true);
}

static void assignments_and_redirections_are_not_words(void **state)
{
    (void)state;
    assert_script("A=1 B='x y' c D=2 >e 2>&1 <f", "A:=1 B:=x y c D=2 {1>e} {2>&1} {0<f}\n", true);
    assert_script("A=; B+=x; C[1]=y; D=(a b $c)", "A:= \n; B:=x \n; C:=y \n; D:=(a b $c) \n", true);
    assert_script("cat <<A <<-'B' >x\none $(two\nA\n\tthree\n\tB\nfour &>y",
                  "cat {0<<A} {0<<-B} {1>x}\n; four {-1&>y}\n", true);
    assert_script("cat <<< \"a b\"", "cat {0<<<a b}\n", true);
}

static void options_hold_from_where_they_are_set(void **state)
{
    (void)state;
    assert_script("a; set -euo pipefail; b; (set +e; c); d; set +o pipefail; e",
                  "a\n; set -euo pipefail\n; b e p\nset +e () e p\n; c () p\n; d e p\n"
                  "; set +o pipefail e p\n; e e\n",
                  true);
}

static void what_no_shell_reads_keeps_what_came_before(void **state)
{
    (void)state;
    assert_script("a && b 'c", "a\n&& b\n", false);
    assert_script("a; fi; b", "a\n", false);
    assert_script("if a; then b", "a\nb ?\n", false);
    assert_script("a | | b", "a\n", false);
    assert_script("a $(b", "b $\na\n", false);
    assert_script("a ) b", "a\n", false);
    assert_script("a <", "a\n", false);
}

static void a_pipeline_knows_its_size(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    DiagSink diags = diags_new(arena);
    ShellScript *script =
        read_script(arena, &diags, STR("a | (b | c) | d"), (ShellOptions){false, true});

    (void)state;
    assert_int_equal(script->count, 4);
    assert_int_equal(script->commands[0].pipeline_size, 3);
    assert_int_equal(script->commands[2].pipeline_size, 2);
    assert_int_equal(script->commands[3].position, 2);
    assert_true(script->commands[3].pipefail);
    arena_free(arena);
}

static void nesting_has_a_limit(void **state)
{
    Arena *arena = arena_new((size_t)1 << 24);
    DiagSink diags = diags_new(arena);
    Buf buf = buf_new(arena);
    ShellScript *script;

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_add_z(&buf, i % 2 ? "$(" : "{ ");
    script = read_script(arena, &diags, buf_str(&buf), (ShellOptions){false, false});
    assert_non_null(script);
    assert_false(script->complete);
    assert_int_equal(diags.count, 1);
    arena_free(arena);
}

/* Slow only where each brace is followed to the end of the text. */
static void many_open_braces_are_read(void **state)
{
    Arena *arena = arena_new((size_t)1 << 26);
    DiagSink diags = diags_new(arena);
    Buf buf = buf_new(arena);
    ShellScript *script;

    (void)state;
    buf_add_z(&buf, "echo ");
    for (int i = 0; i < 1000000; i++)
        buf_add_z(&buf, "{");
    script = read_script(arena, &diags, buf_str(&buf), (ShellOptions){false, false});
    assert_non_null(script);
    assert_int_equal(script->count, 1);
    arena_free(arena);
}

static void any_arena_limit_is_survived(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 16384; limit += 64) {
        Arena *arena = arena_new(limit);
        DiagSink diags = diags_new(arena);
        ShellScript *script = read_script(
            arena, &diags, STR("A=1 b \"c d\" <<E >f | $(g 'h' i); if j; then k; fi\nE\nl"),
            (ShellOptions){false, false});
        assert_true(!script || script->count == 6);
        arena_free(arena);
    }
}

/* Marks as name:text, with `"` for what is in quotes, and the name where it has one. */
static void assert_marks(const char *text, const char *expected)
{
    Arena *arena = arena_new((size_t)1 << 24);
    DiagSink diags = diags_new(arena);
    ShellScript *script = read_script(arena, &diags, str_of(text), (ShellOptions){false, false});
    Buf buf = buf_new(arena);

    assert_non_null(script);
    for (uint32_t i = 0; i < script->mark_count; i++) {
        const ShellMark *mark = &script->marks[i];
        buf_printf(&buf, "%s%.*s%s:%.*s", i ? " " : "",
                   STR_ARG(shell_mark_name((ShellMarkKind)mark->kind)),
                   mark->flags & SHELL_MARK_QUOTED ? "\"" : "",
                   STR_ARG(str_sub(str_of(text), mark->start, mark->end - mark->start)));
    }
    if (!str_eq(buf_str(&buf), str_of(expected)))
        fail_msg("%s\ngives\n%.*s\ninstead of\n%s", text, STR_ARG(buf_str(&buf)), expected);
    arena_free(arena);
}

static void expansions_are_noted_where_they_stand(void **state)
{
    (void)state;
    assert_marks("a $x \"$y\" ${z:-$w} $? $1",
                 "variable:$x variable\":$y variable:$w variable:${z:-$w} variable:$? variable:$1");
    assert_marks("a \"$(b $x)\" `c`",
                 "variable:$x substitution\":$(b $x) substitution:`c` backticks:`c`");
    assert_marks("a $((x + 1)) <(b)", "variable\":x process_substitution:<(b)");
    assert_marks("for i in a b; do c; done", "loop_variable:i");
    assert_marks("a ${x//b/c} $y[1]",
                 "variable:${x//b/c} replacement:${x//b/c} variable:$y array_index:$y");
}

static void quotes_in_quotes_are_noted(void **state)
{
    (void)state;
    assert_marks("a 'b 'c' d'", "unquoted_between:c");
    assert_marks("a 'It'\\''s' 'b'/'c'", "");
    assert_marks("a \"b\"c\"d\"", "between_quotes:c");
    assert_marks("a \"b\"=\"d\"", "");
    assert_marks("a \"b $(c) \"$(d)\" e\"",
                 "substitution\":$(c) substitution:$(d) expansion_between:$(d)");
    assert_marks("a \"b \"$c\" d\"", "variable:$c expansion_between:$c");
    assert_marks("a \"b\"$\"d\" \"b\"$'c'\"d\" \"b\"\\ \"d\" \"b\"*\"d\" \"b\"/$((1))\"d\"", "");
    assert_marks("a \"b\"$((1))\"d\" \"$x\"$y\"$z\"", "variable\":$x variable:$y variable\":$z");
    assert_marks("x=\"b \"$c\" d\"", "variable:$c");
    assert_marks("a '$x' 'b'", "single_quoted:'$x'");
}

static void what_is_rarely_meant_is_noted(void **state)
{
    static const struct {
        const char *text, *marks;
    } cases[] = {
        {"echo }", "literal_brace:}"},
        {"a {b,c} {1..3} {}", "brace_expansion:{b,c} brace_expansion:{1..3}"},
        {"a /x/{b,c/{d,e}}", "brace_expansion:{b,c/{d,e}} brace_expansion:{d,e}"},
        {"a {x{y,z}}", "literal_brace:{ brace_expansion:{y,z} literal_brace:}"},
        {"a b\\c \\$ \\ ", "escape:\\c"},
        {"x= y", "assigned_command:x="},
        {"x=; IFS= read y", ""},
        {"echo done", "keyword_argument:done"},
        {"If a", "keyword_case:If"},
        {"[-f a ]", "missing_space:[-f"},
        {"[ a =b ] || [[ a ==b ]]", "missing_space:=b missing_space:==b"},
        {"[ -n =b ] && [ a = =b ]", ""},
        {"if a; then b; fi#c", "keyword_comment:fi#c syntax_error:i"},
        {"a $% \"b$\" c$", "lone_dollar:$"},
        {"a &; b", "background_semicolon:;"},
        {"f(a, b) { c; }", "function_parameters:(a, b)"},
        {"for $i in a; do b; done", "variable:$i for_dollar:$i loop_variable:$i"},
        {"x==y", "double_equals:x=="},
        {"$x=y", "variable:$x dollar_assignment:$x=y"},
        {"x = y", "spaced_assignment:="},
        {"a && b || c", "and_or:c"},
        {"a || b && c", ""},
        {"a >> f &> g", "append:>> f both_redirect:&> g competing_redirect:&> g"},
        {"a > f 2>&1", ""},
        {"rm *.a -- ?", "leading_glob:*.a leading_glob:?"},
        {"grep a* b", "grep_glob:a*"},
        {"grep -v *.a b | egrep [0-9]x", "leading_glob:*.a grep_glob:*.a grep_glob:[0-9]x"},
        {"grep 'a*' \"b*\" c\\* d[ && ls grep* f*", ""},
        {"a b[test] [100-999]c [!aa]",
         "repeated_range:[test] repeated_range:[100-999] repeated_range:[!aa]"},
        {"a [a-z0-9_-] [--a] []aa] [aa [a a] [[:alpha:]] [a::b] [a$aa] 'b[aa]' b\\[aa]",
         "variable:$aa"},
        {"x=[aa]; x[aa]=b; [[ a == [aa] ]]; case [aa] in [aa]) a > [aa] ;; esac; [ aa ]", ""},
        {"a \"b", "syntax_error:\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_marks(cases[i].text, cases[i].marks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expansions_are_noted_where_they_stand),
        cmocka_unit_test(quotes_in_quotes_are_noted),
        cmocka_unit_test(what_is_rarely_meant_is_noted),
        cmocka_unit_test(words_lose_their_quotes),
        cmocka_unit_test(lists_and_pipelines_are_told_apart),
        cmocka_unit_test(compound_commands_hold_commands),
        cmocka_unit_test(assignments_and_redirections_are_not_words),
        cmocka_unit_test(options_hold_from_where_they_are_set),
        cmocka_unit_test(what_no_shell_reads_keeps_what_came_before),
        cmocka_unit_test(a_pipeline_knows_its_size),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(many_open_braces_are_read),
        cmocka_unit_test(any_arena_limit_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
