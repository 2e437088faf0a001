"""scikit-learn and its kin, as pickle, joblib and skops."""
import pickle
import sys

import numpy as np


def log_columns(x):
    return np.log1p(x)


def dump(files, name, value, technique, how=("pickle",)):
    import joblib
    if "pickle" in how:
        with open(files.path(f"sklearn/{name}.pkl", technique), "wb") as file:
            pickle.dump(value, file)
    if "joblib" in how:
        joblib.dump(value, files.path(f"sklearn/{name}.joblib", technique + ", joblib"))
    for compress in ("zlib", "gzip", "bz2", "xz", "lzma"):
        if compress in how:
            joblib.dump(value, files.path(f"sklearn/{name}.joblib.{compress}", technique + ", joblib " + compress), compress=(compress, 3))


def fitted():
    from sklearn.utils import all_estimators
    rng = np.random.default_rng(0)
    x = np.abs(rng.normal(size=(30, 4)))
    y = np.arange(30) % 2
    for name, kind in all_estimators():
        try:
            yield name, kind().fit(x, y)
        except Exception:
            continue


def every_estimator(files):
    for name, value in fitted():
        try:
            pickle.dumps(value)
        except Exception:
            continue
        dump(files, "all/" + name, value, f"{name} with its defaults", ("pickle",) if len(name) % 2 else ("joblib",))


def pipelines(files):
    import pandas as pd
    from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, StackingClassifier, VotingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, WhiteKernel
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.metrics import make_scorer, f1_score
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
    from scipy.stats import uniform
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    y = (x[:, 0] > 0).astype(int)
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": ["u", "v", "w"] * 20})
    columns = ColumnTransformer([("num", make_pipeline(SimpleImputer(), StandardScaler()), ["a", "b"]), ("cat", OneHotEncoder(), make_column_selector(dtype_include=object))])
    every = ("pickle", "joblib", "zlib", "gzip", "bz2", "xz", "lzma")
    dump(files, "columns", make_pipeline(columns, LogisticRegression()).fit(frame, y), "ColumnTransformer pipeline", every)
    dump(files, "function_numpy", make_pipeline(FunctionTransformer(np.log1p, inverse_func=np.expm1, validate=False), LinearRegression()).fit(np.abs(x), y), "FunctionTransformer of NumPy functions", every)
    dump(files, "function_own", FunctionTransformer(log_columns).fit(x), "FunctionTransformer of the script's function")
    dump(files, "grid", GridSearchCV(RandomForestClassifier(5), {"max_depth": [1, 2]}, cv=StratifiedKFold(3), scoring=make_scorer(f1_score)).fit(x, y), "GridSearchCV with a scorer", every)
    dump(files, "random_search", RandomizedSearchCV(LogisticRegression(), {"C": uniform(0.1, 1)}, n_iter=3).fit(x, y), "RandomizedSearchCV with a distribution")
    dump(files, "stacking", StackingClassifier([("rf", RandomForestClassifier(3)), ("lr", LogisticRegression())]).fit(x, y), "StackingClassifier")
    dump(files, "voting", VotingClassifier([("rf", RandomForestClassifier(3)), ("mlp", MLPClassifier((4,), max_iter=5))], voting="soft").fit(x, y), "VotingClassifier")
    dump(files, "hist", HistGradientBoostingClassifier(max_iter=5).fit(x, y), "HistGradientBoosting", ("pickle", "joblib"))
    dump(files, "gaussian", GaussianProcessRegressor(RBF() + WhiteKernel()).fit(x, y), "Gaussian process with kernels")
    dump(files, "target", TransformedTargetRegressor(LinearRegression(), func=np.log1p, inverse_func=np.expm1).fit(x, np.abs(x[:, 1])), "TransformedTargetRegressor")
    texts = ["import os", "eval this", "hello world"] * 20
    dump(files, "text", make_pipeline(FeatureUnion([("w", TfidfVectorizer()), ("c", TfidfVectorizer(analyzer="char", ngram_range=(1, 2), tokenizer=str.split))]), LogisticRegression()).fit(texts, y), "text pipeline", ("pickle", "joblib"))
    dump(files, "results", {"model": LogisticRegression().fit(x, y), "scores": np.zeros(3), "columns": list("abcd"), "version": "1.0"}, "model with its metadata")


def skops_files(files):
    import skops.io
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    x = np.random.default_rng(0).normal(size=(20, 3))
    skops.io.dump(make_pipeline(StandardScaler(), RandomForestClassifier(3)).fit(x, np.arange(20) % 2), files.path("skops/forest.skops", "skops pipeline"))
    from sklearn.preprocessing import FunctionTransformer
    skops.io.dump(FunctionTransformer(np.log1p), files.path("skops/function.skops", "skops with a NumPy function"))


def kin(files):
    import statsmodels.api as sm
    x = sm.add_constant(np.random.default_rng(0).normal(size=(30, 2)))
    y = np.arange(30.0)
    sm.OLS(y, x).fit().save(files.path("statsmodels/ols.pickle", "statsmodels OLS"))
    sm.GLM(np.arange(30) % 2, x, family=sm.families.Binomial()).fit().save(files.path("statsmodels/glm.pickle", "statsmodels GLM"))
    sm.tsa.ARIMA(y, order=(1, 0, 0)).fit().save(files.path("statsmodels/arima.pickle", "statsmodels ARIMA"))


def resampled(files):
    from imblearn.over_sampling import SMOTE
    from imblearn.pipeline import make_pipeline
    from sklearn.linear_model import LogisticRegression
    x = np.random.default_rng(0).normal(size=(40, 3))
    dump(files, "smote", make_pipeline(SMOTE(k_neighbors=2), LogisticRegression()).fit(x, (np.arange(40) % 4 == 0).astype(int)), "imbalanced-learn pipeline", ("pickle", "joblib"))


def third_parties(files):
    import category_encoders
    import pandas as pd
    frame = pd.DataFrame({"c": ["a", "b", "a", "b"], "y": [0, 1, 0, 1]})
    dump(files, "category_encoders", category_encoders.TargetEncoder().fit(frame[["c"]], frame["y"]), "category_encoders")


def clustering(files):
    # Two frameworks with an LLVM each do not live in one process.
    sys.modules["tensorflow"] = None
    import hdbscan
    import umap
    x = np.random.default_rng(0).normal(size=(40, 3))
    dump(files, "hdbscan", hdbscan.HDBSCAN(min_cluster_size=3).fit(x), "hdbscan")
    dump(files, "umap", umap.UMAP(n_neighbors=3, n_epochs=2).fit(x), "umap, which carries compiled functions")
    files.rows[-1]["ambiguous"] = True


def explained(files):
    import shap
    from sklearn.ensemble import RandomForestClassifier
    x = np.random.default_rng(0).normal(size=(40, 3))
    dump(files, "shap", shap.TreeExplainer(RandomForestClassifier(3).fit(x, np.arange(40) % 2)), "SHAP explainer, which carries compiled functions")
    # Numba pickles functions with their code: that is what the file does, whoever wrote it.
    files.rows[-1]["ambiguous"] = True


BUILDERS = [every_estimator, pipelines, skops_files, kin, resampled, third_parties, clustering, explained]
