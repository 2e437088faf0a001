"""NumPy, SciPy, pandas and h5py."""
import gzip
import pickle

import numpy as np


def arrays(files):
    structured = np.array([(1, 2.0, "a")], dtype=[("i", "<i4"), ("f", "<f8"), ("s", "<U8")])
    values = {
        "floats": np.random.default_rng(0).normal(size=(8, 8)), "ints": np.arange(10), "half": np.zeros(4, np.float16),
        "structured": structured, "record": structured.view(np.recarray), "text": np.array(["a", "bc"]),
        "bytes": np.array([b"a", b"bc"]), "dates": np.array(["2024-01-01"], "datetime64[D]"), "complex": np.zeros(2, np.complex64),
        "fortran": np.asfortranarray(np.eye(3)), "empty": np.zeros((0, 3)), "scalar": np.array(1.5), "masked": np.ma.array([1, 2], mask=[0, 1]),
        "matrix": np.matrix([[1, 2]]), "bools": np.array([True, False]), "big_endian": np.arange(4, dtype=">i4"),
    }
    for name, value in values.items():
        if name not in ("masked", "record", "matrix"):
            np.save(files.path(f"numpy/{name}.npy", f"npy of {name}"), value)
        for protocol in (2, 5):
            with open(files.path(f"numpy/{name}_{protocol}.pkl", f"pickle of {name}"), "wb") as file:
                pickle.dump({"x": value, "again": value}, file, protocol)
    np.savez(files.path("numpy/weights.npz", "npz"), a=np.eye(3), b=np.arange(3))
    np.savez_compressed(files.path("numpy/compressed.npz", "compressed npz"), a=np.zeros((100, 100)))
    np.save(files.path("numpy/object_texts.npy", "object array of texts"), np.array(["a", "bcd", None], dtype=object), allow_pickle=True)
    np.savez(files.path("numpy/word2vec.npz", "npz with an object array of words"), words=np.array(["import", "os"], dtype=object), v=np.eye(2))
    generators = [np.random.default_rng(1), np.random.RandomState(1), np.random.Generator(np.random.MT19937(1)),
                  np.random.Generator(np.random.Philox(1)), np.random.Generator(np.random.SFC64(1)), np.random.SeedSequence(5), np.random.get_state()]
    for number, value in enumerate(generators):
        with open(files.path(f"numpy/generator{number}.pkl", "random generator"), "wb") as file:
            pickle.dump(value, file)
    with open(files.path("numpy/scalars.pkl", "NumPy scalars and types"), "wb") as file:
        pickle.dump([np.float32(1), np.int64(2), np.bool_(True), np.dtype("f4"), np.float64, np.str_("x"), np.datetime64("2024-01-01")], file)
    with open(files.path("numpy/functions.pkl", "NumPy functions as values"), "wb") as file:
        pickle.dump({"reduce": np.mean, "log": np.log1p, "inverse": np.expm1, "poly": np.poly1d([1, 2])}, file)
    with gzip.open(files.path("numpy/mnist.pkl.gz", "gzipped pickle of arrays"), "wb") as file:
        pickle.dump((np.zeros((4, 4)), np.arange(4)), file)


def sparse(files):
    import scipy.sparse
    import scipy.stats
    matrix = scipy.sparse.random(20, 20, 0.1, random_state=0)
    for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok"):
        with open(files.path(f"scipy/{kind}.pkl", f"sparse matrix {kind}"), "wb") as file:
            pickle.dump(matrix.asformat(kind), file)
    scipy.sparse.save_npz(files.path("scipy/matrix.npz", "sparse matrix as npz"), matrix.tocsr())
    from scipy.interpolate import CubicSpline, interp1d
    from scipy.spatial import KDTree, cKDTree
    objects = {"frozen": scipy.stats.norm(0, 1), "spline": CubicSpline([0, 1, 2], [0, 1, 4]), "interp": interp1d([0, 1], [0, 1]),
               "tree": KDTree(np.eye(3)), "ctree": cKDTree(np.eye(3)), "kde": scipy.stats.gaussian_kde([1, 2, 3.5])}
    for name, value in objects.items():
        with open(files.path(f"scipy/{name}.pkl", f"SciPy {name}"), "wb") as file:
            pickle.dump(value, file)


def frames(files):
    import pandas as pd
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None], "c": pd.Categorical(["u", "v", "u"]),
                          "d": pd.date_range("2024-01-01", periods=3, tz="UTC"), "e": pd.array([1, None, 3], dtype="Int64"),
                          "f": pd.Series(["a", "b", "c"], dtype="string"), "g": pd.to_timedelta([1, 2, 3], unit="h")})
    frame.to_pickle(files.path("pandas/frame.pkl", "DataFrame"))
    frame.to_pickle(files.path("pandas/frame.pkl.gz", "DataFrame, gzipped"))
    frame.to_pickle(files.path("pandas/frame.pkl.bz2", "DataFrame, bzip2"))
    frame.to_pickle(files.path("pandas/frame.pkl.xz", "DataFrame, xz"))
    frame["a"].to_pickle(files.path("pandas/series.pkl", "Series"))
    frame.set_index(["a", "b"]).to_pickle(files.path("pandas/multi_index.pkl", "MultiIndex"))
    frame.set_index("d").to_pickle(files.path("pandas/time_index.pkl", "DatetimeIndex"))
    pd.interval_range(0, 3).to_series().to_pickle(files.path("pandas/intervals.pkl", "intervals"))
    pd.period_range("2024-01", periods=3, freq="M").to_series().to_pickle(files.path("pandas/periods.pkl", "periods"))
    frame.groupby("c", observed=True)["a"].describe().to_pickle(files.path("pandas/grouped.pkl", "grouped result"))
    pd.DataFrame({"s": pd.arrays.SparseArray([0, 0, 1])}).to_pickle(files.path("pandas/sparse.pkl", "sparse column"))
    with open(files.path("pandas/offsets.pkl", "offsets and timestamps"), "wb") as file:
        pickle.dump([pd.Timestamp("2024-01-01"), pd.offsets.MonthEnd(), pd.NaT, pd.Timedelta("1D"), pd.CategoricalDtype(["a"])], file)


def hdf5(files):
    import h5py
    with h5py.File(files.path("h5/data.h5", "HDF5 data set"), "w") as file:
        file.create_dataset("x", data=np.eye(10), compression="gzip", chunks=(5, 5))
        file.create_dataset("names", data=["a", "b"], dtype=h5py.string_dtype())
        file.attrs["description"] = "measurements"
        file["alias"] = h5py.SoftLink("/x")


BUILDERS = [arrays, sparse, frames, hdf5]
