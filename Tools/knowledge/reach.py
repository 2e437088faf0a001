"""Which primitives a function, method or class can reach with values that its caller chose."""

import sys

from seeds import BARRIERS, CLASS_REACH, ORDER, ORDINARY, PATH_METHODS, PRIMITIVES, REACH, STATE_METHODS

ANY_ARGUMENT = ("os.spawn", "os.posix_spawn", "importlib.util.spec_from", "importlib.machinery", "asyncio.create",
                "runpy.", "types.")
RELEVANT_KEYWORDS = {
    "args", "cmd", "command", "code", "source", "name", "path", "file", "filename", "url", "f", "fname", "stream", "**",
    "src", "mod_name", "path_name", "obj", "object", "expr", "string", "target", "dst", "fp", "data", "modname", "host"}


class Reach:
    """Effects of each node: code -> (steps, parameters that must be the caller's, primitive reached)."""

    def __init__(self, modules):
        self.modules = modules
        self.effects = {}
        self.cache = {}
        self.bases = {}
        self.stars = {}
        self.barriers = tuple(BARRIERS)
        self.primitives = dict(PRIMITIVES)
        for name, code in PRIMITIVES.items():
            target = self.resolve(name)
            if target:
                self.primitives.setdefault(target[1], code)

    # Names.

    def split(self, dotted):
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            if name in self.modules:
                return name, parts[count:]
        return None, parts

    def resolve(self, dotted, depth=0):
        """("f", name, function) | ("c", name, class) | ("mod", name, None) | ("x", name, None) external | None."""
        if dotted in self.cache:
            return self.cache[dotted]
        if depth > 12:
            return None
        self.cache[dotted] = None  # A circle of re-exports leads nowhere.
        result = self._resolve(dotted, depth)
        self.cache[dotted] = result
        return result

    def _resolve(self, dotted, depth):
        module, rest = self.split(dotted)
        if module is None:
            return ("x", dotted, None)
        if not rest:
            return ("mod", module, None)
        facts, head = self.modules[module], rest[0]
        if head in facts.functions and len(rest) == 1:
            return ("f", module + "." + head, facts.functions[head])
        if head in facts.classes:
            if len(rest) == 1:
                return ("c", module + "." + head, facts.classes[head])
            if len(rest) == 2:
                return self.method(module + "." + head, rest[1])
            return None
        if head in facts.scope:
            target = facts.scope[head]
            if target != module + "." + head:
                return self.resolve(".".join([target] + rest[1:]), depth + 1)
        star = self.starred(module).get(head)
        return self.resolve(".".join([star] + rest), depth + 1) if star else None

    def starred(self, module):
        """Names that the module has by `from … import *`, with the module that defines or imports each."""
        if module in self.stars:
            return self.stars[module]
        names = self.stars[module] = {}  # Set before the walk: circles of star imports end here.
        for star in self.modules[module].stars:
            source = self.modules.get(star)
            if source is None:
                continue
            for name in list(source.functions) + list(source.classes) + list(source.scope):
                names.setdefault(name, star)
            for name, origin in self.starred(star).items():
                names.setdefault(name, origin)
        return names

    def linear(self, class_name):
        """The class and its bases in order, and whether all of them are known."""
        if class_name in self.bases:
            return self.bases[class_name]
        self.bases[class_name] = ([], False)
        order, whole, queue = [], True, [class_name]
        while queue and len(order) < 60:
            name = queue.pop(0)
            found = self.resolve(name)
            if not found or found[0] != "c":
                plain = found and found[1] in PLAIN_BASES
                whole = whole and bool(plain)
                continue
            if found[1] in [n for n, _ in order]:
                continue
            order.append((found[1], found[2]))
            for base in found[2].bases:
                if base is None:
                    whole = False
                else:
                    queue.append(base)
        self.bases[class_name] = (order, whole)
        return self.bases[class_name]

    def method(self, class_name, method, skip_first=False):
        order, _ = self.linear(class_name)
        for name, facts in order[1:] if skip_first else order:
            if method in facts.methods:
                return ("f", name + "." + method, facts.methods[method])
        return None

    # Effects.

    def run(self):
        sys.setrecursionlimit(10_000)
        self.nodes = {}
        for module in self.modules.values():
            for function in module.functions.values():
                self.nodes[module.name + "." + function.name] = (function, None)
            for klass in module.classes.values():
                for name, function in klass.methods.items():
                    self.nodes[f"{module.name}.{klass.name}.{name}"] = (function, f"{module.name}.{klass.name}")
        resolved = {node: self.calls(function, owner) for node, (function, owner) in self.nodes.items()}
        for _ in range(max(REACH.values()) + 1):
            changed = False
            for node, calls in resolved.items():
                for target, call in calls:
                    changed |= self.step(node, target, call)
            if not changed:
                break

    def calls(self, function, owner):
        """The function's calls with their targets, those only that the analysis can say something of."""
        result = []
        for call in function.calls:
            kind = call.callee[0]
            if kind in ("g", "t"):
                name = call.callee[1]
                if name in self.primitives:
                    result.append((("prim", name, None), call))
                    continue
                target = self.resolve(name)
            elif kind == "m" and owner:
                target = self.method(owner, call.callee[2])
            elif kind == "u" and owner:
                target = self.method(owner, call.callee[1], skip_first=True)
            elif kind == "p" and call.callee[1] in PATH_METHODS:
                result.append((("path", "pathlib.Path." + call.callee[1], None), call))
                continue
            else:
                continue
            if not target:
                continue
            if target[1] in self.primitives:
                result.append((("prim", target[1], None), call))
            elif target[0] in ("f", "c") and not target[1].startswith(self.barriers):
                result.append((target, call))
        return result

    def step(self, node, target, call):
        function, owner = self.nodes[node]
        if target[0] == "path":
            return self.add(node, "f", 1, call.callee[2], target[1])
        if target[0] == "prim":
            return self.primitive(node, target[1], call)
        if target[0] == "f":
            return self.through(node, target[1], target[2], call, function, is_constructor=False)
        changed = False
        for name in ("__init__", "__new__", "__post_init__"):
            method = self.method(target[1], name)
            if method:
                changed |= self.through(node, method[1], method[2], call, function, is_constructor=True)
        return changed

    def primitive(self, node, name, call):
        code, steps = self.primitives[name], 1
        if code == "a":
            return self.attribute(node, name, call)
        if name.startswith(ANY_ARGUMENT):
            flow = frozenset().union(*call.args, *call.keywords.values())
        else:
            flow = frozenset().union(*call.args[:1], *[f for k, f in call.keywords.items() if k in RELEVANT_KEYWORDS])
        if not flow:
            return False
        if code == "x" and name.startswith("subprocess.") and "fixed command" in call.shape:
            steps += 2
        if code == "i" and "fixed prefix" in call.shape:
            return False
        if "safe loader" in call.shape and name.startswith("yaml"):
            return False
        if name.endswith("torch.load") or name == "torch.serialization.load":
            code = "f" if "weights only" in call.shape else code
        if name.startswith("numpy") and name.endswith(".load") and "allow pickle" not in call.shape:
            code = "f"
        return self.add(node, code, steps, flow, name)

    def attribute(self, node, name, call):
        """The parameters that the attribute's name comes from: an attribute with a fixed name is no way to any other."""
        if name == "builtins.getattr":
            flow = call.args[1] if len(call.args) > 1 and call.args[0] else frozenset()
        else:
            flow = call.args[0] if call.args else frozenset()
        return bool(flow) and self.add(node, "a", 1, flow, name)

    def through(self, node, name, callee, call, function, is_constructor):
        effects = self.effects.get(name)
        if not effects:
            return False
        changed = False
        for code, (steps, parameters, witness) in list(effects.items()):
            flow = self.arguments(parameters, callee, call, function, is_constructor)
            if flow:
                changed |= self.add(node, code, steps + 1, flow, witness)
        return changed

    def arguments(self, parameters, callee, call, function, is_constructor):
        """The caller's parameters that flow into `parameters` of the callee at this call."""
        names = callee.parameters
        bound = callee.is_method and call.callee[0] in ("m", "u", "t") or is_constructor
        everything = frozenset().union(*call.args, *call.keywords.values())
        flow = frozenset()
        for parameter in parameters:
            if callee.is_method and names and parameter == names[0]:
                if call.callee[0] in ("m", "u"):
                    flow |= frozenset(function.parameters[:1])
                elif call.callee[0] == "t":
                    flow |= call.callee[2]
                elif is_constructor:
                    flow |= everything
                elif call.args:
                    flow |= call.args[0]
                continue
            if parameter in call.keywords:
                flow |= call.keywords[parameter]
            if parameter in (callee.vararg, callee.kwarg):
                flow |= everything
            elif parameter in names:
                index = names.index(parameter) - (1 if bound else 0)
                if 0 <= index < len(call.args):
                    flow |= call.args[index]
            flow |= call.keywords.get("**", frozenset())
        return flow

    def add(self, node, code, steps, flow, witness):
        if steps > REACH[code]:
            return False
        mine = self.effects.setdefault(node, {})
        old = mine.get(code)
        if old is None:
            mine[code] = (steps, flow, witness)
            return True
        merged = (min(old[0], steps), old[1] | flow, old[2] if (old[0], old[2]) <= (steps, witness) else witness)
        if merged != old:
            mine[code] = merged
            return True
        return False

    # The table.

    def worst(self, effects, steps=max(REACH.values())):
        for code in ORDER:
            if code in effects and effects[code][0] <= steps:
                return code, effects[code][2]
        return None, None

    def own(self, node):
        """The effects of what makes or fills an instance: its own attributes are the instance's affair."""
        return {code: effect for code, effect in self.effects.get(node, {}).items() if code != "a"}

    def class_codes(self, name):
        """What calling the class and what giving an instance state can do, with the witnesses."""
        order, whole = self.linear(name)
        called, called_witness = "u", None
        for method in ("__init__", "__new__", "__post_init__", "__call_meta__"):
            found = self.method(name, method)
            if found:
                code, witness = self.worst(self.own(found[1]), CLASS_REACH)
                if code and ORDER.index(code) < ORDER.index(called):
                    called, called_witness = code, witness
        state, state_witness = "p" if whole else "k", None
        for method in STATE_METHODS:
            found = self.method(name, method)
            if found:
                code, witness = self.worst(self.own(found[1]))
                if code and ORDER.index(code) < ORDER.index(state):
                    state, state_witness = code, witness
        return called, called_witness, state, state_witness

    def table(self, curated):
        entries = {}

        def ship(module, code, name, witness=None):
            if module + "." + name in curated.exact or not (module + name).isascii():
                return
            entries.setdefault((module, code), set()).add(f"{name}>{witness}" if witness else name)

        rebuilders = {r[1] for m in self.modules.values() for n in m.reducers for r in [self.resolve(n)] if r}
        effectful = set()
        for module in sorted(self.modules):
            facts = self.modules[module]
            default, class_default = curated.fallback(module, False), curated.fallback(module, True)

            def worse(code, fallback):
                # Attributes by name are everywhere: what is on no list is unknown, and need not be more.
                if code == "a":
                    return fallback == "p"
                return fallback is None or ORDER.index(code) < ORDER.index(fallback)

            for function in facts.functions.values():
                node = module + "." + function.name
                code, witness = self.worst(self.effects.get(node, {}))
                if code and (code != "a" or worse(code, default)):
                    effectful.add(node)
                    if worse(code, default):
                        ship(module, code, function.name, witness)
                elif node in rebuilders and default in (None, "u") and node not in self.primitives and not any(c.callee[0] == "v" for c in function.calls):
                    ship(module, "p", function.name)
            for klass in facts.classes.values():
                node = module + "." + klass.name
                called, witness, state, state_witness = self.class_codes(node)
                if called != "u":
                    effectful.add(node)
                fallback = class_default if klass.name.lstrip("_")[:1].isupper() else default
                if fallback is not None and ORDER.index(fallback) < ORDER.index("u"):
                    pass
                elif called != "u" or (state in "pk" and fallback != "p" and state == "p") or state not in "pk":
                    if called == "u" and node in rebuilders:
                        called = "p"
                    if called == "u" and fallback == "p" and state in "pk":
                        continue
                    ship(module, called if called == state else called + state, klass.name, witness or state_witness)
                for name, function in klass.methods.items():
                    code, witness = self.worst(self.effects.get(f"{node}.{name}", {}))
                    if code == "a" and (name.startswith("__") or not worse(code, default)):
                        continue
                    if code and name not in ("__init__", "__new__", "__post_init__"):
                        effectful.add(f"{node}.{name}")
                        if worse(code, default):
                            ship(module, code, f"{klass.name}.{name}", witness)
        for module in sorted(self.modules):
            for attribute, target in self.reexports(module, effectful, curated):
                ship(module, "@", f"{attribute}={target}")
            for klass in self.modules[module].classes.values():
                base = self.effectful_base(module + "." + klass.name, effectful)
                if base:
                    ship(module, "<", f"{klass.name}={base}")
        return [f"{module}\t{code}\t{' '.join(sorted(names))}" for (module, code), names in entries.items()]

    def effectful_base(self, name, effectful):
        """The nearest base that has effectful methods, unless the class defines them all itself."""
        order, _ = self.linear(name)
        for base, facts in order[1:]:
            for method in facts.methods:
                code, _ = self.worst(self.effects.get(f"{base}.{method}", {}))
                if code and code in "xnic" and not method.startswith("__"):
                    return base
        return None

    def reexports(self, module, effectful, curated):
        """Attributes of the module that lead to something effectful under another name."""
        facts = self.modules[module]
        names = dict(facts.scope)
        if facts.is_package:
            for name, star in self.starred(module).items():
                if not name.startswith("_"):
                    names.setdefault(name, star + "." + name)
        for attribute, target in sorted(names.items()):
            own = module + "." + attribute
            found = self.resolve(target)
            if not found or found[1] == own or found[1].split(".")[0] in ORDINARY or attribute.startswith("__"):
                continue
            if found[0] == "mod":
                top = found[1].split(".")[0]
                if top == module.split(".")[0]:
                    if facts.is_package and own not in self.modules and attribute not in facts.classes:
                        yield attribute, found[1]
                elif curated.default.get(found[1], "p") not in "pu" and attribute.lstrip("_") != found[1]:
                    yield attribute, found[1]
            elif found[1] in effectful or curated.exact.get(found[1], "p")[0] not in "puk":
                yield attribute, found[1]
            elif found[0] == "x":
                parent = found[1].rpartition(".")[0]
                if curated.default.get(parent, "p") not in "pu" and found[1] not in curated.exact:
                    yield attribute, found[1]


PLAIN_BASES = {
    "builtins." + n for n in
    "object dict list tuple set frozenset str bytes int float complex bool Exception BaseException ValueError TypeError "
    "RuntimeError KeyError IndexError AttributeError NotImplementedError Warning UserWarning OSError IOError type "
    "ImportError LookupError ArithmeticError StopIteration DeprecationWarning FutureWarning RuntimeWarning".split()
} | {"abc.ABC", "typing.Generic", "typing.NamedTuple", "typing.Protocol", "typing.TypedDict", "enum.Enum"}
