"""Keras and TensorFlow."""
import os
import shutil

import numpy as np


def keras_files(files):
    import keras
    from keras import layers
    models = {
        "dense": keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu", kernel_regularizer="l2"), layers.Dropout(0.1), layers.Dense(1)]),
        "conv": keras.Sequential([keras.Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.RandomFlip(), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.GlobalAveragePooling2D(), layers.Dense(2, "softmax")]),
        "lambda_of_keras": keras.Sequential([keras.Input((4,)), layers.Lambda(keras.ops.tanh), layers.Lambda(keras.activations.relu)]),
        "recurrent": keras.Sequential([keras.Input((4, 2)), layers.Bidirectional(layers.LSTM(2, return_sequences=True)), layers.TimeDistributed(layers.Dense(1))]),
    }
    entry = keras.Input((4,), name="x")
    branch = layers.Dense(4, activation=keras.activations.gelu)(entry)
    models["functional"] = keras.Model(entry, layers.Concatenate()([layers.Multiply()([branch, entry]), models["dense"](entry), layers.LayerNormalization()(branch)]))
    models["attention"] = keras.Model(entry, layers.MultiHeadAttention(1, 2)(layers.Reshape((2, 2))(entry), layers.Reshape((2, 2))(entry)))
    for name, model in models.items():
        model.compile("adam", "mse", metrics=["mae", keras.metrics.RootMeanSquaredError()])
        model.save(files.path(f"keras/{name}.keras", f"Keras {name}"))
        model.save(files.path(f"keras/{name}.h5", f"Keras {name} in H5"))
        model.save_weights(files.path(f"keras/{name}.weights.h5", f"weights of Keras {name}"))
        files.text(f"keras/{name}.json", model.to_json(), f"Keras {name} as JSON")
    models["dense"].fit(np.zeros((4, 4)), np.zeros((4, 1)), verbose=0)
    models["dense"].save(files.path("keras/fitted.keras", "fitted Keras model with its optimizer"))
    schedule = keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), momentum=0.9)
    models["conv"].compile(schedule, loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    models["conv"].save(files.path("keras/schedule.keras", "Keras model with a schedule"))


def application(files):
    import keras
    keras.applications.MobileNetV3Small(weights=None, input_shape=(32, 32, 3)).save(files.path("keras/mobilenet.keras", "Keras application"))
    keras.applications.EfficientNetB0(weights=None, input_shape=(32, 32, 3)).save(files.path("keras/efficientnet.h5", "Keras application in H5"))


def tensorflow_files(files):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    folder = files.folder_of("savedmodel/export", "SavedModel by export")
    model.export(folder, verbose=False)
    files.enter("savedmodel/export", "SavedModel by export")

    class Module(tf.Module):
        def __init__(self):
            self.w = tf.Variable([1.0])
            self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), 0)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def words(self, x):
            tf.print("looking up")
            return self.table.lookup(tf.strings.lower(x))

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def loop(self, x):
            for _ in tf.range(3):
                x = tf.cond(tf.reduce_sum(x) > 0, lambda: x * self.w, lambda: x)
            return x
    folder = files.folder_of("savedmodel/module", "SavedModel of a tf.Module")
    tf.saved_model.save(Module(), folder)
    files.enter("savedmodel/module", "SavedModel of a tf.Module")
    vocabulary = os.path.join(files.folder_of("savedmodel", ""), "vocabulary.txt")
    with open(vocabulary, "w", encoding="utf-8") as file:
        file.write("a\nb\n")

    class Assets(tf.Module):
        def __init__(self):
            self.table = tf.lookup.StaticVocabularyTable(tf.lookup.TextFileInitializer(vocabulary, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER), 1)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, x):
            return self.table.lookup(x)
    folder = files.folder_of("savedmodel/assets", "SavedModel with a vocabulary among its assets")
    tf.saved_model.save(Assets(), folder)
    files.enter("savedmodel/assets", "SavedModel with a vocabulary among its assets")
    folder = files.folder_of("checkpoint", "TensorFlow checkpoint")
    tf.train.Checkpoint(w=tf.Variable([1.0])).save(os.path.join(folder, "ckpt"))
    files.enter("checkpoint", "TensorFlow checkpoint")


def lite(files):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import tensorflow as tf
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "relu")])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    with open(files.path("tflite/float.tflite", "TFLite"), "wb") as file:
        file.write(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    with open(files.path("tflite/quantised.tflite", "TFLite, quantised"), "wb") as file:
        file.write(converter.convert())


def version_one(files):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf
    graph = tf.Graph()
    with graph.as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float32, [None, 2], "x")
        y = tf.matmul(x, tf.constant([[1.0], [2.0]]), name="y")
        folder = files.folder_of("savedmodel", "")
        shutil.rmtree(os.path.join(folder, "simple"), ignore_errors=True)
        tf.compat.v1.saved_model.simple_save(session, os.path.join(folder, "simple"), {"x": x}, {"y": y})
        files.enter("savedmodel/simple", "SavedModel of TensorFlow 1")
        with open(files.path("graphdef/frozen.pb", "frozen graph"), "wb") as file:
            file.write(graph.as_graph_def().SerializeToString())
        tf.io.write_graph(graph, os.path.dirname(files.path("graphdef/graph.pbtxt", "text graph")), "graph.pbtxt")


BUILDERS = [keras_files, application, tensorflow_files, lite, version_one]
