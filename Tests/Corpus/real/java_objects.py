"""Objects that Java itself serialises, as models of Java libraries are made of. Needs a JDK."""
import os
import shutil
import subprocess
import tempfile

SOURCE = """
import java.io.*;
import java.util.*;
import java.util.zip.*;

public class Models {
    static void write(String path, Object value) throws Exception {
        OutputStream out = new FileOutputStream(path);
        if (path.endsWith(".gz")) out = new GZIPOutputStream(out);
        try (ObjectOutputStream stream = new ObjectOutputStream(out)) { stream.writeObject(value); }
    }

    public static void main(String[] paths) throws Exception {
        Map<String, Object> map = new HashMap<>();
        map.put("weights", new double[][] {{0.1, 0.2}, {0.3, 0.4}});
        map.put("labels", new ArrayList<>(List.of("cat", "dog")));
        map.put("vocabulary", new TreeMap<>(Map.of("java.lang.String", 1, "exec", 2)));
        map.put("when", new Date(0));
        map.put("random", new Random(1));
        map.put("text", "the Runtime of a model");
        write(paths[0], map);
        write(paths[1], new double[100]);
        write(paths[2], new LinkedHashMap<>(map));
        write(paths[3], new PriorityQueue<>(List.of(3, 1, 2)));
    }
}
"""


def serialised(files):
    if not shutil.which("javac"):
        raise ImportError("javac")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "Models.java"), "w", encoding="utf-8") as file:
            file.write(SOURCE)
        subprocess.run(["javac", "Models.java"], cwd=folder, check=True)
        paths = [files.path("java/" + name, "objects serialised by Java") for name in ["map.model", "numbers.ser", "map.model.gz", "queue.ser"]]
        subprocess.run(["java", "-cp", folder, "Models", *paths], check=True)


BUILDERS = [serialised]
