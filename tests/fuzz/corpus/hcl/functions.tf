locals {
a1 = format("%s-%03d-%.2f %q %v %#v %x %5s|%-5s| %t %%", "x", 7, 3.14159, "q\"", [1,"a"], "s", 255, "ab", "cd", true)
a2 = formatlist("%s-%d", ["a","b"], 3)
a3 = format("arn:aws:%s:x", foo)
a4 = join(",", ["a", "b", foo, "c"])
a5 = jsonencode({b = [1, null, true, 1.5], a = "<&>\n"})
a6 = jsondecode("{\"a\": [1, 2.5, null]}")
a7 = regex("a(b)(c)?", "xabd")
a8 = regex("(?P<x>\\d+)-(?P<y>\\w+)", "12-ab")
a9 = regexall("[a-z]+", "ab1cd2")
b1 = replace("hello world", "/l+(o)/", "<$1>")
b2 = replace("a.b.c", ".", "-")
b3 = split(",", "a,b,,c")
b4 = [md5("hello"), sha1("hello"), sha256("hello"), sha512("hello"), base64sha256("hello")]
b5 = [base64encode("hello!"), base64decode("aGVsbG8h")]
b6 = [cidrsubnet("10.0.0.0/16", 8, 2), cidrhost("10.12.127.0/20", 268), cidrnetmask("172.16.0.0/12"), cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162), cidrhost("10.0.0.0/8",-1)]
b7 = cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
b8 = [timeadd("2017-11-22T00:00:00Z", "10m"), formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z"), formatdate("YYYY'y' M/D h:mmaa", "2018-01-02T23:12:01-08:00")]
b9 = yamldecode("a: [1, yes, true]\nb: x")
c1 = yamlencode({a = "x", l = [1, {b = 2, c = []}], m = {z = "l1\nl2\n"}})
c2 = csvdecode("a,b\n1,2\n\"x,y\",\"q\"\"z\"\n")
c3 = [urlencode("a b&c"), title("hello world"), upper("straße é"), strrev("abc"), substr("hello world", 1, 4), substr("hello", -3, -1), trim("?!hi!?", "!?"), trimspace("  a\n"), indent(2, "a\nb")]
c4 = [abs(-5), ceil(1.2), floor(-1.2), log(8,2), pow(2,10), signum(-3), parseint("FF",16), max(1,2), sum([1,2.5])]
c5 = [element(["a","b"], 3), index(["a","b"],"b"), slice([1,2,3],1,3), chunklist([1,2,3],2), distinct([1,2,1]), flatten([[1],[2,[3]]]), compact(["a","",null]), reverse([1,2])]
c6 = [setproduct(["a","b"],[1,2]), setunion(["b"],["a","b"]), setsubtract(["a","b"],["a"]), setintersection(["a","b"],["b"]), sort(["c","a"]), transpose({a=["x","y"],b=["x"]}), zipmap(["a"],[1]), keys({b=1,a=2}), values({b=1,a=2})]
c7 = [lookup({a=1},"a"), lookup({},"z","d"), contains(["1"],1), merge({a=1},null,{b=2}), one([]), coalesce(null,"","x"), range(3), range(1,7,2), tolist([1,"a"]), toset(["b","a","b"]), try(nosuch.x.y, 1/0, "f"), can({}.x), length("añb"), alltrue([true,null]), anytrue([]), uuidv5("dns","www.terraform.io"), basename("/a/b.c"), dirname("/a/b.c")]
c8 = jsonencode({a = foo})
c9 = startswith("arn:aws:${foo}", "arn:")
d1 = templatefile("x", {})
d2 = nosuch("x")
d3 = textencodebase64("hé", "UTF-16LE")
d4 = textdecodebase64("aADpAA==", "UTF-16LE")
d5 = "${0.1}-${1/3}-${1e-7}-${123456789012}"
}
resource "x" "y" {
  a1 = local.a1
  a2 = local.a2
  a3 = local.a3
  a4 = local.a4
  a5 = local.a5
  a6 = local.a6
  a7 = local.a7
  a8 = local.a8
  a9 = local.a9
  b1 = local.b1
  b2 = local.b2
  b3 = local.b3
  b4 = local.b4
  b5 = local.b5
  b6 = local.b6
  b7 = local.b7
  b8 = local.b8
  b9 = local.b9
  c1 = local.c1
  c2 = local.c2
  c3 = local.c3
  c4 = local.c4
  c5 = local.c5
  c6 = local.c6
  c7 = local.c7
  c8 = local.c8
  c9 = local.c9
  d1 = local.d1
  d2 = local.d2
  d3 = local.d3
  d4 = local.d4
  d5 = local.d5
}
