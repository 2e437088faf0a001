"""Streams of serialised objects of Java and .NET, assembled record by record: class names alone, no object is complete."""
import base64
import json
import struct

from samples import gzipped, zipped


def text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def descriptor(name, flags=2, parent=b"\x70"):
    """TC_CLASSDESC without fields."""
    return b"\x72" + text(name) + bytes(8) + bytes([flags]) + struct.pack(">H", 0) + b"\x78" + parent


def stream(*names, proxies=(), texts=()):
    body = b"".join(b"\x73" + descriptor(name) for name in names)
    body += b"".join(b"\x73\x7d" + struct.pack(">I", 1) + text(name) + b"\x78\x70" for name in proxies)
    return b"\xac\xed\0\x05" + body + b"".join(b"\x74" + text(value) for value in texts)


def formatter(*names):
    return b"\0\x01\0\0\0" + b"\xff" * 4 + struct.pack("<II", 1, 0) + b"\x0c\x02\0\0\0" + b"".join(bytes([len(name)]) + name.encode() for name in names) + b"\x0b"


CHAINS = {"collections": ["java.util.HashSet", "org.apache.commons.collections.keyvalue.TiedMapEntry", "org.apache.commons.collections.functors.InvokerTransformer"], "templates": ["java.util.PriorityQueue", "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl"],
          "beanutils": ["org.apache.commons.beanutils.BeanComparator"], "groovy": ["org.codehaus.groovy.runtime.MethodClosure"], "jndi": ["com.sun.rowset.JdbcRowSetImpl"], "urldns": ["java.util.HashMap", "java.net.URL"], "spring": ["org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider"],
          "rmi": ["java.rmi.server.RemoteObjectInvocationHandler"], "signed": ["java.security.SignedObject"], "bad_attribute": ["javax.management.BadAttributeValueExpException"], "c3p0": ["com.mchange.v2.c3p0.PoolBackedDataSource"], "jython": ["org.python.core.PyFunction"]}


def build(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("objects/" + name, data, technique, severity)

    for name, classes in CHAINS.items():
        add(f"{name}.model", stream("weka.classifiers.trees.J48", *classes), f"Java objects: {classes[-1]}")
    add("named.ser", stream("org.apache.commons.collections4.functors.InvokerTransformer"), "Java objects in a file of their own name")
    add("proxy.model", stream("java.util.HashMap", proxies=["java.util.Map"]), "proxy among the objects", "high")
    add("runtime_text.model", stream("java.util.HashMap", texts=["java.lang.Runtime"]), "a text that names Runtime")
    add("foreign.model", stream("com.example.Loader"), "class of no library", "medium")
    add("array.model", stream("[Lorg.apache.commons.collections.functors.ChainedTransformer;"), "array of transformers")
    add("zipped.zip", zipped([("model/coefficients.bin", stream(*CHAINS["templates"]))]), "Java objects in a zip")
    add("gzipped.model.gz", gzipped(stream(*CHAINS["collections"])), "Java objects in gzip")
    add("encoded/config.json", json.dumps({"state": base64.b64encode(stream(*CHAINS["collections"])).decode()}), "Java objects in base64 in JSON")
    add("formatter.bin", formatter("System.Windows.Data.ObjectDataProvider", "System.Diagnostics.Process"), "BinaryFormatter: ObjectDataProvider")
    add("delegate.model", formatter("System.DelegateSerializationHolder"), "BinaryFormatter: a delegate")
    add("mlnet.zip", zipped([("TrainingInfo/Version.txt", b"3.0"), ("Model.key", formatter("System.Data.DataSet"))]), "BinaryFormatter data in an ML.NET archive")
    samples.add("malformed/objects/mark_only.model", b"\xac\xed\0\x05\x73\x72\0\x40", "malformed", "Java object stream cut short", "none", "objects")
    samples.benign("objects/weka.model", stream("weka.classifiers.trees.J48", "weka.core.Instances", "java.util.ArrayList", "[D", "[[D", "weka.core.Attribute"), "Java objects of a Weka model")
    samples.benign("objects/formatter.bin", formatter("Accord.MachineLearning.DecisionTrees.DecisionTree"), "BinaryFormatter data of Accord")
