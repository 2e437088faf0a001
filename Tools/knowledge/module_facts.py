"""Facts of one Python module, taken from its syntax tree: nothing is imported or run.

What a function is reduced to: its parameters, and its calls with, for each argument, the parameters whose values can
flow into it (assignments are followed without regard to order; attributes of `self` count as `self`).
"""

import ast
import builtins
import warnings
from collections import namedtuple

# callee: ("g", dotted) a global; ("m", class, method) a method of self; ("u", method) one of super(); ("t", dotted,
# flow) a method of a local whose class is known; ("v", flow) a value; ("o", method) a method of something unknown;
# ("p", method, flow) one of a path built in place.
Call = namedtuple("Call", "callee args keywords shape line")
Function = namedtuple("Function", "name parameters vararg kwarg calls is_method returned")
Class = namedtuple("Class", "name bases methods line")
Module = namedtuple("Module", "name is_package scope stars functions classes reducers")

NOTHING = frozenset()


def read(path, name, is_package):
    """The facts of the module `name` whose source lies at `path`, or None when it is no Python 3 source."""
    try:
        with open(path, "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.read())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _ModuleReader(name, is_package).read(tree)


def dotted(node):
    """`a.b.c` of an attribute chain over a name, else None."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
        return ".".join(reversed(parts))
    return None


class _ModuleReader:
    def __init__(self, name, is_package):
        self.name, self.is_package = name, is_package
        self.scope, self.stars, self.functions, self.classes, self.reducers = {}, [], {}, {}, set()

    def read(self, tree):
        self.bind(tree.body)
        for node in self.statements(tree.body):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.setdefault(node.name, self.function(node, None))
            elif isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, self.klass(node))
        return Module(
            self.name, self.is_package, self.scope, self.stars, self.functions, self.classes, self.reducers)

    def statements(self, body):
        """Statements of the module level, also those under if, try and with."""
        stack = list(reversed(body))
        while stack:
            node = stack.pop()
            yield node
            for field in ("body", "orelse", "finalbody"):
                if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
                    stack.extend(reversed(getattr(node, field, [])))
            if isinstance(node, ast.Try):
                for handler in node.handlers:
                    stack.extend(reversed(handler.body))

    def base_package(self, level):
        parts = self.name.split(".")
        drop = level - 1 if self.is_package else level
        return ".".join(parts[: len(parts) - drop]) if drop <= len(parts) else ""

    def imports(self, node, scope):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    scope.setdefault(alias.asname, alias.name)
                else:
                    scope.setdefault(alias.name.split(".")[0], alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                base = self.base_package(node.level)
                source = base + "." + source if source and base else source or base
            for alias in node.names:
                if alias.name == "*":
                    if scope is self.scope:
                        self.stars.append(source)
                else:
                    scope.setdefault(alias.asname or alias.name, source + "." + alias.name)

    def bind(self, body):
        for node in self.statements(body):
            self.imports(node, self.scope)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.scope[node.name] = self.name + "." + node.name
        for node in self.statements(body):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                value = dotted(node.value)
                if value and node.targets[0].id not in self.scope:
                    target = self.globally(value, {})
                    if target and not target.startswith("builtins."):
                        self.scope[node.targets[0].id] = target

    def globally(self, name, local):
        """The dotted global that `name` in the source means, or None for a local value."""
        head, _, rest = name.partition(".")
        target = local.get(head) or self.scope.get(head)
        if target is None:
            if not hasattr(builtins, head):
                return None
            target = "builtins." + head
        return target + "." + rest if rest else target

    def klass(self, node):
        bases = [self.globally(dotted(base), {}) if dotted(base) else None for base in node.bases]
        methods = {}
        for item in self.statements(node.body):
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods.setdefault(item.name, self.function(item, node.name))
            elif isinstance(item, ast.Assign) and isinstance(item.value, ast.Name) and len(item.targets) == 1:
                if isinstance(item.targets[0], ast.Name) and item.value.id in methods:
                    methods.setdefault(item.targets[0].id, methods[item.value.id])
        return Class(node.name, bases, methods, node.lineno)

    def function(self, node, owner):
        return _FunctionReader(self, node, owner).read()


class _FunctionReader:
    def __init__(self, module, node, owner):
        self.module, self.node, self.owner = module, node, owner
        arguments = node.args
        self.parameters = [a.arg for a in arguments.posonlyargs + arguments.args]
        self.keyword_only = [a.arg for a in arguments.kwonlyargs]
        self.vararg = arguments.vararg.arg if arguments.vararg else None
        self.kwarg = arguments.kwarg.arg if arguments.kwarg else None
        decorators = {dotted(d) or "" for d in node.decorator_list}
        self.is_method = owner is not None and "staticmethod" not in decorators
        self.local, self.types, self.calls, self.returned = {}, {}, [], set()
        names = self.parameters + self.keyword_only + [n for n in (self.vararg, self.kwarg) if n]
        self.taint = {name: frozenset([name]) for name in names}

    @property
    def me(self):
        return self.parameters[0] if self.is_method and self.parameters else None

    def read(self):
        nodes = [n for statement in self.node.body for n in ast.walk(statement)]
        for node in nodes:
            self.module.imports(node, self.local)
        flows = []
        for node in nodes:
            if isinstance(node, ast.Assign):
                flows.append((node.targets, node.value))
            elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
                flows.append(([node.target], node.value))
            elif isinstance(node, ast.NamedExpr):
                flows.append(([node.target], node.value))
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
                flows.append(([node.target], node.iter))
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                flows.append(([node.optional_vars], node.context_expr))
        flows = [(self.targets(targets), value, self.names(value)) for targets, value in flows]
        for targets, value, _ in flows:
            if isinstance(value, ast.Call) and len(targets) == 1:
                made = dotted(value.func)
                if made and self.module.globally(made, self.local):
                    self.types.setdefault(targets[0], self.module.globally(made, self.local))
        for _ in range(4):
            changed = False
            for targets, _, names in flows:
                value = frozenset().union(*[self.taint.get(n, NOTHING) for n in names])
                for target in targets:
                    if not value <= self.taint.get(target, NOTHING):
                        self.taint[target] = self.taint.get(target, NOTHING) | value
                        changed = True
            if not changed:
                break
        for node in nodes:
            if isinstance(node, ast.Call):
                self.call(node)
            elif isinstance(node, ast.Return) and self.node.name.startswith("__reduce"):
                self.reducer(node.value)
        return Function(
            self.node.name, self.parameters + self.keyword_only, self.vararg, self.kwarg, self.calls, self.is_method,
            frozenset())

    def targets(self, targets):
        result = []
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    result.append(node.id)
        return result

    def names(self, node):
        return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}

    def flow(self, node):
        return frozenset().union(*[self.taint.get(n, NOTHING) for n in self.names(node)])

    def reducer(self, value):
        """Remembers the function that `__reduce__` returns: unpickling calls it."""
        if isinstance(value, ast.Tuple) and value.elts:
            name = dotted(value.elts[0])
            target = self.module.globally(name, self.local) if name else None
            if target:
                self.module.reducers.add(target)

    def call(self, node):
        callee = self.callee(node.func)
        args, star = [], NOTHING
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                star |= self.flow(argument.value)
            args.append(self.flow(argument))
        keywords = {}
        for keyword in node.keywords:
            keywords[keyword.arg or "**"] = self.flow(keyword.value)
        self.calls.append(Call(callee, args, keywords, self.shape(node), node.lineno))

    def shape(self, node):
        """What constants at a call say of it: a fixed command, a reading mode, a safe loader."""
        shape = set()
        first = node.args[0] if node.args else None
        if isinstance(first, (ast.List, ast.Tuple)) and first.elts and isinstance(first.elts[0], ast.Constant):
            shape.add("fixed command")
        prefix = first
        while isinstance(prefix, ast.BinOp):
            prefix = prefix.left
        if isinstance(prefix, ast.JoinedStr) and prefix.values:
            prefix = prefix.values[0]
        if prefix is not first and isinstance(prefix, ast.Constant) and isinstance(prefix.value, str):
            shape.add("fixed prefix")
        if isinstance(first, ast.BinOp) and isinstance(first.left, (ast.List, ast.Tuple)) and first.left.elts:
            if isinstance(first.left.elts[0], ast.Constant):
                shape.add("fixed command")
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if keyword.arg == "weights_only" and value is True:
                shape.add("weights only")
            if keyword.arg == "allow_pickle" and not (isinstance(keyword.value, ast.Constant) and value is False):
                shape.add("allow pickle")
            if keyword.arg in ("Loader", "loader") and "Safe" in (dotted(keyword.value) or ""):
                shape.add("safe loader")
        if len(node.args) > 1 and "Safe" in (dotted(node.args[1]) or ""):
            shape.add("safe loader")
        return frozenset(shape)

    def callee(self, function):
        if isinstance(function, ast.Attribute):
            value = function.value
            if isinstance(value, ast.Call):
                made = dotted(value.func)
                if made == "super":
                    return ("u", function.attr)
                target = self.module.globally(made, self.local) if made else None
                if target and made not in self.taint:
                    if target.rsplit(".", 1)[-1] in ("Path", "PosixPath", "WindowsPath"):
                        return ("p", function.attr, frozenset().union(*[self.flow(a) for a in value.args]))
                    return ("g", target + "." + function.attr)
                return ("o", function.attr)
        name = dotted(function)
        if name is None:
            return ("o", function.attr) if isinstance(function, ast.Attribute) else ("?",)
        head, _, rest = name.partition(".")
        if head == self.me:
            if not rest:
                return ("g", self.module.name + "." + self.owner)
            return ("m", self.owner, rest) if "." not in rest else ("o", rest.rsplit(".", 1)[-1])
        if rest and "." not in rest and head in self.types and head not in self.local:
            return ("t", self.types[head] + "." + rest, self.taint.get(head, NOTHING))
        if head in self.taint and head not in self.local:
            return ("o", rest.rsplit(".", 1)[-1]) if rest else ("v", self.taint[head])
        target = self.module.globally(name, self.local)
        return ("g", target) if target else ("o", name.rsplit(".", 1)[-1])
