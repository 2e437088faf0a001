/// How a harmless function's arguments say how much memory or time a call takes, and how much it returns.
///
/// Such a call does nothing but fill the memory or never return: what a pickle bomb is made of that needs no container
/// nested in itself.
enum PickleDemand {
    /// The arguments from an index on are a number of elements each, or tuples of them; all of them or one alone.
    case size(Int)
    case sizeAt(Int)
    /// The first argument is made as long as the one at the index says.
    case padding(Int)
    /// One argument is repeated as often as another one says, or two numbers are multiplied.
    case product
    /// Two arguments one after the other, or two numbers added.
    case sum
    case difference
    /// The first argument is raised to, or shifted by, the second.
    case power, shift
    /// A number from a text or another number.
    case number
    /// A number that is written out in full.
    case wholeNumber
    /// A number in decimal digits.
    case digits
    case length
    case range
    /// Never ends, or with so many arguments as often as the last one says.
    case endless(unless: Int)
    /// Ends when what it is made of does: all of it, one after the other, or the shortest.
    case passing(Passing)
    enum Passing { case one, chain, shortest, slice, until }
    /// Every way of taking elements from what it is given.
    case selection(Selection)
    enum Selection { case product, permutations, combinations }
    /// The argument at the index counts rounds of work, of which this many take minutes.
    case rounds(Int, most: Double)
    /// Takes everything that its arguments yield; whether it keeps it.
    case everything(keeps: Bool)
    /// Each of the second argument in the first becomes the third.
    case replacement
    /// Joins the elements of the second argument.
    case joining
    /// A format with widths: as a text with fields, as a text with percent signs, or as the second argument alone.
    case format(Format)
    enum Format { case fields, percent, specification }
    /// Compiles a regular expression, or matches it; whether all of the text has to match.
    case pattern(isWhole: Bool)
    /// Waits for what does not come.
    case waiting

    private static let demands: [String: PickleDemand] = {
        var demands: [String: PickleDemand] = [:]
        for (demand, names) in lists { for name in names.split(separator: " ") { demands[String(name)] = demand } }
        let methods: [(PickleDemand, String)] = [
            (.product, "__mul__ __rmul__ __imul__"), (.sum, "__add__ __iadd__ __radd__"), (.length, "__len__"),
        ]
        for type in ["str", "bytes", "bytearray", "list", "tuple"] {
            for (demand, names) in methods {
                for name in names.split(separator: " ") { demands["builtins.\(type).\(name)"] = demand }
            }
        }
        return demands
    }()

    private static let lists: [(PickleDemand, String)] = [
        (.size(0), "builtins.bytes builtins.bytearray numpy.zeros numpy.ones numpy.empty numpy.full numpy.ndarray"),
        (.size(0), "numpy.arange numpy.identity numpy.eye numpy.tri torch.zeros torch.ones torch.empty torch.full"),
        (.size(0), "torch.rand torch.randn torch.arange torch.eye tensorflow.zeros tensorflow.ones"),
        (.size(0), "os.urandom random.randbytes secrets.token_bytes secrets.token_hex secrets.token_urlsafe"),
        (.size(0), "numpy.random.rand numpy.random.randn numpy.random.random numpy.random.random_sample"),
        (.size(0), "random.getrandbits random.Random.getrandbits secrets.randbits numpy.indices"),
        (.size(1), "numpy.tile numpy.repeat numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct"),
        (.size(1), "io.BytesIO.truncate builtins.bytearray.ljust"),
        (.sizeAt(1), "builtins.int.to_bytes"),
        (.sizeAt(2), "numpy.linspace numpy.logspace numpy.geomspace zlib.decompress torch.linspace torch.logspace"),
        (.range, "builtins.range builtins.xrange"),
        (.padding(1), "builtins.str.zfill builtins.str.ljust builtins.str.rjust builtins.str.center"),
        (.padding(1), "builtins.bytes.zfill builtins.bytes.ljust builtins.bytes.rjust builtins.bytes.center"),
        (.product, "operator.mul operator.imul operator.__mul__ operator.__imul__ operator.repeat"),
        (.product, "builtins.str.expandtabs builtins.bytes.expandtabs builtins.int.__mul__ builtins.int.__rmul__"),
        (.sum, "operator.add operator.iadd operator.concat operator.iconcat operator.__add__ operator.__concat__"),
        (.sum, "builtins.int.__add__ operator.__iadd__"),
        (.difference, "operator.sub operator.isub operator.__sub__ builtins.int.__sub__"),
        (.power, "operator.pow operator.ipow operator.__pow__ builtins.pow builtins.int.__pow__ math.pow"),
        (.shift, "operator.lshift operator.ilshift operator.__lshift__ builtins.int.__lshift__"),
        (.number, "decimal.Decimal builtins.float builtins.abs builtins.round operator.neg operator.pos operator.abs"),
        (.number, "operator.index operator.inv operator.invert numpy.int64 numpy.int32 numpy.uint64 numpy.float64"),
        (.number, "math.fabs"),
        (.wholeNumber, "builtins.int builtins.long fractions.Fraction math.floor math.ceil math.trunc"),
        (.digits, "builtins.str builtins.repr builtins.ascii builtins.int.__str__ builtins.int.__repr__"),
        (.length, "builtins.len operator.length_hint"),
        (.endless(unless: 0), "itertools.count itertools.cycle"), (.endless(unless: 2), "itertools.repeat"),
        (.passing(.one), "builtins.filter builtins.enumerate itertools.accumulate itertools.filterfalse"),
        (.passing(.one), "itertools.pairwise builtins.reversed itertools.takewhile itertools.dropwhile"),
        (.passing(.one), "itertools.starmap itertools.batched itertools.groupby"),
        (.passing(.chain), "itertools.chain itertools.zip_longest itertools.chain.from_iterable"),
        (.passing(.shortest), "builtins.map builtins.zip itertools.compress itertools.tee"),
        (.passing(.slice), "itertools.islice"), (.passing(.until), "builtins.iter"),
        (.selection(.product), "itertools.product"), (.selection(.permutations), "itertools.permutations"),
        (.selection(.combinations), "itertools.combinations itertools.combinations_with_replacement"),
        (.rounds(0, most: 0x1p24), "math.factorial math.perm math.comb"),
        (.rounds(3, most: 0x1p28), "hashlib.pbkdf2_hmac"),
        (.everything(keeps: true), "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.sorted"),
        (.everything(keeps: true), "builtins.dict builtins.dict.fromkeys collections.deque collections.Counter"),
        (
            .everything(keeps: true),
            "collections.OrderedDict.fromkeys numpy.fromiter numpy.array numpy.asarray array.array"
        ),
        (.everything(keeps: true), "collections.OrderedDict builtins.list.extend collections.deque.extend"),
        (.everything(keeps: false), "builtins.sum builtins.all builtins.any builtins.max builtins.min math.fsum"),
        (.everything(keeps: false), "math.prod statistics.mean statistics.fmean functools.reduce operator.countOf"),
        (.everything(keeps: false), "operator.contains operator.indexOf operator.__contains__ statistics.median"),
        (.joining, "builtins.bytes.join builtins.str.join builtins.bytearray.join"),
        (.replacement, "builtins.str.replace builtins.bytes.replace"),
        (.format(.fields), "builtins.str.format"), (.format(.percent), "operator.mod operator.imod operator.__mod__"),
        (.format(.percent), "builtins.str.__mod__ builtins.bytes.__mod__"),
        (.format(.specification), "builtins.format builtins.str.__format__ builtins.int.__format__"),
        (.pattern(isWhole: false), "re.compile re._compile re.match re.search re.sub re.subn re.split re.findall"),
        (.pattern(isWhole: false), "re.finditer sre_compile.compile re._compiler.compile"),
        (.pattern(isWhole: true), "re.fullmatch"),
        (.waiting, "threading.Event.wait threading.Condition.wait threading.Barrier.wait queue.Queue.get"),
        (.waiting, "queue.LifoQueue.get queue.PriorityQueue.get queue.SimpleQueue.get queue.Queue.join"),
    ]

    init?(_ canonical: String) {
        guard let demand = Self.demands[canonical] else { return nil }
        self = demand
    }

    /// Whether numbers among the arguments decide, which a call on constants can have.
    var isNumeric: Bool {
        switch self {
        case .everything, .joining, .passing, .length: false
        default: true
        }
    }

    /// Elements from which on no program that saves its objects means it.
    static let mostElements: Double = 0x1p30
    /// Bits of a number that takes minutes to raise, to shift or to write in digits.
    static let mostRaisedBits: Double = 0x1p27
    static let mostShiftedBits: Double = 0x1p30
    static let mostWrittenBits: Double = 0x1p22
}
