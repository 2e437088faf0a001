internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges serialised objects of Java (models of Weka, Spark, MALLET and their kin) by the classes that reading them creates.
///
/// Reading such a stream runs code of every class in it, before the program sees what it asked for. Classes of libraries for
/// machine learning are what such models are made of; classes that chains of attacks are made of have no place in one.
package struct JavaStreamAnalyser: Analyser {
    package let format: FormatID = "java-objects"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition { JavaStream.begins(item.region) ? .certain : .no }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let stream = try JavaStream(item.region, budget: scan.budget)
        var foreign: [String] = []
        for name in stream.names {
            let value = Self.plain(name.value)
            let place = item.location.at(name.offset, value)
            let shown = Printable.line(value, limit: 120)
            if let chain = Self.chains.first(where: { value.hasPrefix($0) }) {
                // Texts count where they name what a chain ends in.
                guard name.kind != .text || Self.ends.contains(chain) else { continue }
                scan.report(
                    "OBJECT-STREAM", "reading the objects uses \(shown), which attacks are made of", at: place,
                    severity: .critical)
            } else if name.kind == .proxy {
                scan.report(
                    "OBJECT-STREAM",
                    "reading the objects makes a proxy of \(shown), whose calls another object answers",
                    at: place, severity: .high)
            } else if name.kind == .type, !Self.isKnown(value), foreign.count < 100 {
                foreign.append(shown)
            }
        }
        ForeignClasses.report(foreign, of: "the objects", in: item, to: scan)
        if stream.isCut { scan.report(incomplete: "java-objects: more classes than are read", at: item.location) }
        switch try JavaStreamGrammar.ending(of: item.region, budget: scan.budget) {
        case .whole: break
        case .cut:
            scan.report(.truncated(at: item.region.count, reading: "Java object"), at: item.location, format: format)
        case .unknown(let offset):
            if stream.names.isEmpty {
                scan.report(.malformed(at: offset, reading: "Java object stream"), at: item.location, format: format)
            }
        }
    }

    /// The class of an array's elements.
    private static func plain(_ name: String) -> String {
        guard name.hasPrefix("[") else { return name }
        let element = name.drop { $0 == "[" }
        return element.hasPrefix("L") ? String(element.dropFirst().prefix { $0 != ";" }) : "java.lang.Object"
    }

    private static func isKnown(_ name: String) -> Bool {
        !name.contains(".") || libraries.contains { name.hasPrefix($0) }
    }

    private static let libraries = [
        "java.lang.", "java.util.", "java.math.", "java.io.File", "java.text.", "java.time.", "java.awt.",
        "javax.swing.",
        "scala.", "breeze.", "weka.", "moa.", "meka.", "com.yahoo.labs.samoa.", "smile.", "org.apache.spark.",
        "org.apache.mahout.", "org.apache.commons.math", "org.deeplearning4j.", "org.nd4j.", "hex.", "water.",
        "ml.dmlc.",
        "biz.k11i.", "edu.stanford.nlp.", "cc.mallet.", "opennlp.", "org.tribuo.", "net.sf.javaml.", "de.bwaldvogel.",
        "libsvm.", "org.jpmml.", "org.dmg.pmml.", "gnu.trove.", "it.unimi.dsi.", "com.linkedin.relevance.", "ai.h2o.",
        "no.uib.cipr.matrix.", "com.github.fommil.", "org.encog.", "org.neuroph.", "com.rapidminer.", "org.joone.",
    ]
    /// Classes, by the start of their names, with which published chains begin, go on and end.
    private static let chains = [
        "org.apache.commons.collections.functors.", "org.apache.commons.collections4.functors.",
        "org.apache.commons.collections.keyvalue.TiedMapEntry", "org.apache.commons.collections.map.LazyMap",
        "org.apache.commons.collections4.map.LazyMap",
        "org.apache.commons.collections4.comparators.TransformingComparator",
        "org.apache.commons.beanutils.BeanComparator", "com.sun.org.apache.xalan.", "org.apache.xalan.",
        "com.sun.rowset.",
        "com.sun.syndication.", "com.rometools.", "org.codehaus.groovy.", "groovy.", "bsh.", "javassist.",
        "com.mchange.",
        "org.springframework.", "org.hibernate.", "org.jboss.", "org.python.", "org.mozilla.javascript.", "clojure.",
        "javax.management.BadAttributeValueExpException", "java.beans.EventHandler", "sun.reflect.annotation.",
        "java.rmi.",
        "sun.rmi.", "javax.naming.", "com.sun.jndi.", "java.security.SignedObject", "java.net.URLClassLoader",
        "org.apache.wicket.", "org.apache.myfaces.", "org.apache.click.", "com.vaadin.", "org.aspectj.", "net.sf.json.",
        "java.lang.Runtime", "java.lang.ProcessBuilder", "javax.script.", "java.net.URL",
    ]
    /// What a text in the stream may name to have it called.
    private static let ends: Set<String> = ["java.lang.Runtime", "java.lang.ProcessBuilder", "javax.script."]
}

/// Judges data of .NET's BinaryFormatter, which its makers have declared unsafe for any input that is not trusted.
package struct BinaryFormatterAnalyser: Analyser {
    package let format: FormatID = "dotnet-objects"

    package init() {}

    /// The record that every stream begins with: the ids of the root and of its header, and the version 1.0.
    private static let start: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0]

    package func recognise(_ item: ScanItem) -> Recognition {
        item.region[0] == 0 && item.region.count > 17 && item.region.starts(with: Self.start, at: 5) ? .certain : .no
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        try scan.budget.spend(operations: item.region.count / 16, reading: ".NET object stream")
        // The last record of every stream.
        if item.region[item.region.count - 1] != 0x0B {
            scan.report(
                .truncated(at: item.region.count, reading: ".NET object stream"), at: item.location, format: format)
        }
        var isDangerous = false
        for name in Self.chains {
            guard let at = item.region.firstOffset(of: Array(name.utf8)) else { continue }
            isDangerous = true
            scan.report(
                "OBJECT-STREAM", "reading the objects uses \(name), which attacks are made of",
                at: item.location.at(at),
                severity: .critical)
        }
        if !isDangerous {
            scan.report(
                "OBJECT-STREAM", "objects of .NET's BinaryFormatter: reading them creates whatever they name",
                at: item.location, severity: .low)
        }
    }

    private static let chains = [
        "System.Diagnostics.Process", "System.DelegateSerializationHolder", "System.Windows.Data.ObjectDataProvider",
        "System.Collections.Generic.ComparisonComparer",
        "Microsoft.VisualStudio.Text.Formatting.TextFormattingRunProperties",
        "System.Data.DataSet", "System.Security.Principal.WindowsIdentity", "System.Security.Claims.ClaimsPrincipal",
        "System.IdentityModel.Tokens.SessionSecurityToken", "System.Workflow.ComponentModel",
        "System.Management.Automation",
        "System.Windows.Forms.AxHost", "System.Configuration.Install.AssemblyInstaller",
        "System.Windows.Markup.XamlReader",
        "System.Web.UI.ObjectStateFormatter", "System.CodeDom.Compiler.TempFileCollection",
        "System.Reflection.Assembly",
    ]
}
