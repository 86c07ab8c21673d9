#!/usr/bin/env python3
"""Makes kubernetes.yaml of the OpenAPI that Kubernetes publishes. Not part of the build.

    kubernetes.py 1.34.2=SWAGGER.json 1.33.13=SWAGGER.json ... > rules/schemas/kubernetes.yaml

Each file is api/openapi-spec/swagger.json of that version of k8s.io/kubernetes, as
`go mod download -json k8s.io/kubernetes@v1.34.2` brings it. The result is the union of all
versions: a field that any of them has is known.
"""
import json
import sys

PREFIXES = (
    "io.k8s.api.",
    "io.k8s.apimachinery.pkg.apis.",
    "io.k8s.apimachinery.pkg.",
    "io.k8s.apiextensions-apiserver.pkg.apis.",
    "io.k8s.kube-aggregator.pkg.apis.",
)

# Definitions that stand for a value of their own form.
SCALARS = {
    "api.resource.Quantity": "quantity",
    "util.intstr.IntOrString": "intstr",
    "meta.v1.Time": "string",
    "meta.v1.MicroTime": "string",
}

# What requests and answers are made of; nobody writes them as manifests.
NO_MANIFESTS = ("DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIVersions", "APIResourceList",
                "APIGroupList", "Scale", "Eviction", "TokenRequest")


def short(name):
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix):]
    return name


def plain(schema):
    """The word for a value that is neither a list nor a map."""
    if "$ref" in schema:
        name = short(schema["$ref"].rsplit("/", 1)[1])
        return SCALARS.get(name, name)
    kind = schema.get("type")
    if kind == "string" and schema.get("format") == "int-or-string":
        return "intstr"
    return kind if kind in ("string", "integer", "number", "boolean") else "any"


def notation(schema):
    """The words for a value: what it is, and `list` or `map` where it holds several of that."""
    kind = schema.get("type")
    if kind == "array":
        inner, form = schema["items"], " list"
    elif kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        inner, form = schema["additionalProperties"], " map"
    else:
        return plain(schema)
    return (plain(inner) if inner.get("type") not in ("array", "object") else "any") + form


class Union:
    def __init__(self):
        self.first = {}  # type: the minor that had it first
        self.types = {}  # type: {field: [notation, required, minor that had it first]}
        self.kinds = {}  # (kind, apiVersion): type

    def add(self, minor, definitions):
        """One version; older ones come first, and the newest has the last word on a field."""
        for full, schema in definitions.items():
            name = short(full)
            if "$ref" in schema or name in SCALARS:
                continue
            if "properties" not in schema:
                self.types.pop(name, None)  # what older versions said of it was not all
                continue
            self.first.setdefault(name, minor)
            fields = self.types.setdefault(name, {})
            required = schema.get("required", [])
            for field, value in schema["properties"].items():
                since = fields[field][2] if field in fields else minor
                fields[field] = [notation(value), field in required, since]
            self.add_kinds(name, schema)

    def add_kinds(self, name, schema):
        if "metadata" not in schema["properties"]:
            return
        for gvk in schema.get("x-kubernetes-group-version-kind", []):
            kind = gvk["kind"]
            if kind.endswith("List") or kind in NO_MANIFESTS:
                continue
            group = gvk["group"] + "/" if gvk["group"] else ""
            self.kinds[(kind, group + gvk["version"])] = name

    def close_statuses(self):
        """What the cluster reports about an object is nobody's to write."""
        for name in self.kinds.values():
            if "status" in self.types[name]:
                self.types[name]["status"] = ["any", False, self.first[name]]

    def reached(self):
        seen, todo = set(), sorted(set(self.kinds.values()))
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            for words, _, _ in self.types[name].values():
                if words.split()[0] in self.types:
                    todo.append(words.split()[0])
        return seen

    def open_unknown(self):
        """A reference to a type without fields is to something of any form."""
        known = set(self.types) | {"string", "integer", "number", "boolean", "quantity", "intstr", "any"}
        for fields in self.types.values():
            for field in fields.values():
                words = field[0].split()
                if words[0] not in known:
                    field[0] = " ".join(["any"] + words[1:])

    def field_text(self, name, field):
        words, required, since = self.types[name][field]
        return words + (" required" if required else "") + (
            " since %d" % since if since > self.first[name] else "")

    def merge(self):
        """Types of the same fields are one: name of a type -> name of the first like it."""
        same = {name: name for name in self.types}
        while True:
            by_text, changed = {}, False
            for name in sorted(self.reached(), key=lambda n: (self.first[n], n)):
                text = "\n".join(f + ": " + self.field_text(name, f) for f in sorted(self.types[name]))
                like = by_text.setdefault(text, name)
                if like != name and same[name] != like:
                    same[name] = like
                    changed = True
            if not changed:
                return
            for fields in self.types.values():
                for field in fields.values():
                    words = field[0].split()
                    field[0] = " ".join([same.get(words[0], words[0])] + words[1:])
            self.kinds = {key: same[name] for key, name in self.kinds.items()}

    def write(self, versions, out):
        out.write("# The fields of Kubernetes' own kinds, made by kubernetes.py of the OpenAPI of\n")
        for i in range(0, len(versions), 10):
            out.write("# %s%s\n" % (", ".join(versions[i:i + 10]), "," if i + 10 < len(versions) else "."))
        out.write("# Types of the same fields are one, by the name of the first.\nkinds:\n")
        for kind in sorted({k for k, _ in self.kinds}):
            out.write("  %s:\n" % kind)
            for key in sorted(k for k in self.kinds if k[0] == kind):
                out.write("    %s: %s\n" % (key[1], self.kinds[key]))
        out.write("types:\n")
        for name in sorted(self.reached()):
            out.write("  %s:\n" % name)
            for field in sorted(self.types[name]):
                out.write("    %s: %s\n" % (field, self.field_text(name, field)))


def main():
    union = Union()
    versions = [argument.split("=", 1) for argument in sys.argv[1:]]
    versions.sort(key=lambda v: [int(part) for part in v[0].split(".")])
    for version, path in versions:
        with open(path, encoding="utf-8") as file:
            union.add(int(version.split(".")[1]), json.load(file)["definitions"])
    union.close_statuses()
    union.open_unknown()
    union.merge()
    union.write(["v" + version for version, _ in versions], sys.stdout)


if __name__ == "__main__":
    main()
