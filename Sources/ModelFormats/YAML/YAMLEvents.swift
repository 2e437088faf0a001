/// What a YAML text holds that matters to whoever loads it: tags, scalars with their keys, anchors and aliases.
package struct YAMLEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A tag in its full form (`tag:yaml.org,2002:python/name:os.system`) or, for local tags, with its `!`.
        case tag(String)
        /// A scalar under a key; `path` holds the keys around it, outermost first, joined by dots.
        case scalar(String, key: String, path: String, isPlain: Bool)
        /// An alias whose expansion counts that many nodes.
        case alias(String, weight: Int)
        /// A new document in the stream.
        case document
    }
    package var kind: Kind
    /// Line, from 1.
    package var line: Int
}
