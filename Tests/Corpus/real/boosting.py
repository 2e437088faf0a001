"""XGBoost, LightGBM and CatBoost in their own formats and in pickles."""
import pickle

import numpy as np

X = np.random.default_rng(0).normal(size=(60, 4))
Y = (X[:, 0] > 0).astype(int)


def xgboost_models(files):
    import xgboost
    model = xgboost.XGBClassifier(n_estimators=3).fit(X, Y)
    for suffix in ("json", "ubj"):
        model.save_model(files.path(f"xgboost/model.{suffix}", f"XGBoost {suffix}"))
    for name, value in {"classifier": model, "booster": model.get_booster(), "regressor": xgboost.XGBRegressor(n_estimators=2).fit(X, Y),
                        "ranker": xgboost.XGBRanker(n_estimators=2).fit(X, Y, group=[60])}.items():
        with open(files.path(f"xgboost/{name}.pkl", f"XGBoost {name}"), "wb") as file:
            pickle.dump(value, file)


def lightgbm_models(files):
    import lightgbm
    import joblib
    model = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y)
    model.booster_.save_model(files.path("lightgbm/model.txt", "LightGBM text"))
    joblib.dump(model, files.path("lightgbm/model.joblib", "LightGBM joblib"))
    with open(files.path("lightgbm/booster.pkl", "LightGBM booster"), "wb") as file:
        pickle.dump(model.booster_, file)


def catboost_models(files):
    import catboost
    model = catboost.CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False).fit(X, Y)
    model.save_model(files.path("catboost/model.cbm", "CatBoost"))
    model.save_model(files.path("catboost/model.json", "CatBoost JSON"), format="json")
    model.save_model(files.path("catboost/model.onnx", "CatBoost ONNX"), format="onnx")
    with open(files.path("catboost/model.pkl", "CatBoost pickle"), "wb") as file:
        pickle.dump(model, file)


BUILDERS = [xgboost_models, lightgbm_models, catboost_models]
