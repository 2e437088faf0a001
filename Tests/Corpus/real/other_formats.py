"""Formats written by hand or by smaller libraries: archives, PMML, R, NLTK, gensim, spaCy, NeMo, TorchServe."""
import gzip
import io
import json
import os
import pickle
import shutil
import subprocess
import tarfile
import zipfile

PMML = '''<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" xmlns:data="http://jpmml.org/jpmml-model/InlineTable" version="4.4">
  <Header><Application name="SkLearn2PMML package" version="0.99.2"/><Timestamp>2024-01-01T00:00:00Z</Timestamp></Header>
  <MiningBuildTask><Extension name="repr">PMMLPipeline(steps=[('classifier', LogisticRegression())])</Extension></MiningBuildTask>
  <DataDictionary><DataField name="y" optype="categorical" dataType="integer"><Value value="0"/><Value value="1"/></DataField><DataField name="x1" optype="continuous" dataType="double"/></DataDictionary>
  <RegressionModel functionName="classification" algorithmName="sklearn.linear_model._logistic.LogisticRegression" normalizationMethod="logit">
    <MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x1"/></MiningSchema>
    <RegressionTable intercept="0.1" targetCategory="1"><NumericPredictor name="x1" coefficient="1.5"/></RegressionTable><RegressionTable intercept="0.0" targetCategory="0"/>
  </RegressionModel>
</PMML>
'''


def documents(files):
    files.text("pmml/logistic.pmml", PMML, "PMML")
    files.text("pfa/model.pfa", {"input": "double", "output": "double", "action": [{"+": ["input", 1]}]}, "PFA")
    symbol = {"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "FullyConnected", "name": "fc", "attrs": {"num_hidden": "2"}, "inputs": [[0, 0, 0]]}], "arg_nodes": [0], "node_row_ptr": [0, 1, 2], "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 10900]}}
    files.text("mxnet/model-symbol.json", symbol, "MXNet symbol")
    files.text("word_vectors/glove.txt", "\n".join(f"word{i} " + " ".join(["0.1"] * 8) for i in range(50)), "word vectors as text")


def archives(files):
    def tarred(members, mode):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as archive:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return buffer.getvalue()

    weights = pickle.dumps({"w": [0.1, 0.2]})
    try:
        import torch
        buffer = io.BytesIO()
        torch.save(torch.nn.Linear(2, 2).state_dict(), buffer)
        weights = buffer.getvalue()
    except ImportError:
        pass
    config = b"target: nemo.collections.asr.models.EncDecCTCModel\npreprocessor:\n  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor\n  window: hann\nencoder:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\n"
    contents = {
        "nemo/model.nemo": tarred([("./model_config.yaml", config), ("./model_weights.ckpt", weights), ("./tokenizer.model", b"\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02")], "w"),
        "archive/sagemaker.tar.gz": tarred([("model.pth", weights), ("code/inference.py", b"import torch\n\n\ndef model_fn(model_dir):\n    return torch.jit.load(model_dir + '/model.pth')\n"), ("code/requirements.txt", b"numpy\n")], "w:gz"),
        "archive/weights.tar.bz2": tarred([("w.bin", weights)], "w:bz2"), "archive/weights.tar.xz": tarred([("w.bin", weights)], "w:xz"),
    }
    for name, data in contents.items():
        with open(files.path(name, "archive of a model"), "wb") as file:
            file.write(data)
    with zipfile.ZipFile(files.path("mar/model.mar", "TorchServe archive with a built-in handler"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("MAR-INF/MANIFEST.json", json.dumps({"createdOn": "01/01/2024", "runtime": "python", "model": {"modelName": "m", "serializedFile": "model.pth", "handler": "image_classifier", "modelVersion": "1.0"}, "archiverVersion": "0.9.0"}))
        archive.writestr("model.pth", weights)
        archive.writestr("index_to_name.json", "{\"0\": \"cat\"}")
    with zipfile.ZipFile(files.path("mar/handler.mar", "TorchServe archive with an ordinary handler"), "w") as archive:
        archive.writestr("MAR-INF/MANIFEST.json", json.dumps({"model": {"modelName": "m", "handler": "handler.py", "serializedFile": "model.pth"}}))
        archive.writestr("handler.py", "import torch\nfrom ts.torch_handler.base_handler import BaseHandler\n\n\nclass Handler(BaseHandler):\n    def preprocess(self, data):\n        return torch.tensor([row['body'] for row in data])\n")
        archive.writestr("model.pth", weights)
    with zipfile.ZipFile(files.path("archive/release.zip", "zip of a release"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/", "")
        archive.writestr("model/pytorch_model.bin", weights)
        archive.writestr("model/config.json", "{}")
        archive.writestr("README.md", "# Model\n\nRun `python run.py`.\n")
        archive.writestr("__MACOSX/._model", b"\0\5\x16\7" + bytes(50))
    with gzip.open(files.path("archive/vectors.txt.gz", "gzipped text"), "wt") as file:
        file.write("a 0.1\n" * 100)


def seven_zip(files):
    import py7zr
    with py7zr.SevenZipFile(files.path("archive/model.7z", "7z archive"), "w") as archive:
        archive.writestr("{\"a\": 1}", "config.json")
        archive.writestr(pickle.dumps({"w": [1.0]}).decode("latin1"), "note.txt")


def language(files):
    import gensim.models
    texts = [["import", "os"], ["hello", "world"]] * 20
    gensim.models.Word2Vec(texts, vector_size=4, min_count=1).save(files.path("gensim/word2vec.model", "gensim Word2Vec"))
    gensim.models.Word2Vec(texts, vector_size=4, min_count=1).wv.save_word2vec_format(files.path("gensim/vectors.bin", "word2vec binary"), binary=True)
    dictionary = gensim.corpora.Dictionary(texts)
    dictionary.save(files.path("gensim/dictionary.dict", "gensim dictionary"))
    gensim.models.LdaModel([dictionary.doc2bow(text) for text in texts], 2, dictionary).save(files.path("gensim/lda.model", "gensim LDA"))
    gensim.models.Phrases(texts).save(files.path("gensim/phrases.model", "gensim Phrases"))


def toolkits(files):
    import nltk
    with open(files.path("nltk/bayes.pickle", "NLTK classifier"), "wb") as file:
        pickle.dump(nltk.NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]), file)
    with open(files.path("nltk/punkt.pickle", "NLTK sentence tokenizer"), "wb") as file:
        pickle.dump(nltk.tokenize.punkt.PunktSentenceTokenizer("Hello world. This is it."), file)
    with open(files.path("nltk/tagger.pickle", "NLTK tagger"), "wb") as file:
        pickle.dump(nltk.UnigramTagger([[("a", "DT")]], backoff=nltk.DefaultTagger("NN")), file)


def pipelines(files):
    import spacy
    folder = files.folder_of("spacy/blank", "")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Apple"}])
    nlp.to_disk(folder)
    files.enter("spacy/blank", "spaCy pipeline")


def statistics(files):
    if not shutil.which("Rscript"):
        raise ImportError("Rscript")
    code = "saveRDS(lm(mpg ~ wt, mtcars), '{0}'); saveRDS(data.frame(a=1:3, b=letters[1:3]), '{1}'); save(mtcars, iris, file='{2}'); saveRDS(function(x) x + 1, '{3}')"
    paths = [files.path("r/lm.rds", "linear model of R"), files.path("r/frame.rds", "data frame of R"), files.path("r/data.RData", "workspace of R"), os.path.join(files.folder, "function.rds")]
    subprocess.run(["Rscript", "-e", code.format(*paths)], check=True)
    os.remove(paths[3])


def numeric_trees(files):
    import pmdarima
    with open(files.path("pmdarima/arima.pkl", "pmdarima"), "wb") as file:
        pickle.dump(pmdarima.arima.ARIMA((1, 0, 0)).fit(list(range(20))), file)


BUILDERS = [documents, archives, seven_zip, language, toolkits, pipelines, statistics, numeric_trees]
