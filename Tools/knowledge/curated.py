"""Reads the hand-written table the way the program does, as far as the generator needs it."""


class Curated:
    def __init__(self, path):
        self.exact, self.default, self.class_default, self.alias = {}, {}, {}, {}
        with open(path, encoding="ascii") as file:
            for line in file:
                if line.startswith("#") or not line.strip():
                    continue
                module, code, names = line.rstrip("\n").split("\t")
                for name in names.split(" "):
                    if code == "@":
                        attribute, target = name.split("=")
                        self.alias[module, attribute] = target
                    elif name == "*":
                        self.default[module] = code[0]
                    elif name == "^":
                        self.class_default[module] = code[0]
                    else:
                        self.exact[module + "." + name] = code

    def fallback(self, module, is_class):
        """The code that unlisted names of `module` get, or None."""
        parts = module.split(".")
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            if is_class and name in self.class_default:
                return self.class_default[name]
            if name in self.default:
                return self.default[name]
        return None
