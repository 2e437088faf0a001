"""Tables and arrays in the files and pickles of pandas on PyArrow, PyArrow, polars, PyTables, Zarr and netCDF."""
import datetime
import pickle


def frames(files):
    import pandas
    import pyarrow
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"], "c": pandas.date_range("2024-01-01", periods=2), "d": pandas.Categorical(["u", "v"])})
    values = {"frame": frame, "strings": pandas.Series(["x"], dtype="string[pyarrow]"), "numbers": pandas.Series([1], dtype="int64[pyarrow]"), "index": pandas.Index(["a", "b"]), "nullable": pandas.Series([pandas.NA, 1], dtype="Int64"),
              "table": pyarrow.table({"a": [1], "b": ["x"]}), "batch": pyarrow.record_batch({"a": [1]}), "schema": pyarrow.schema([("a", pyarrow.int64())], metadata={"k": "v"}), "nested": pyarrow.array([{"a": [1]}]), "chunked": pyarrow.chunked_array([[1], [2]]),
              "encoded": pyarrow.array(["a", "b"]).dictionary_encode(), "dates": pyarrow.array([datetime.date(2024, 1, 1)]), "scalar": pyarrow.scalar(1), "map": pyarrow.map_(pyarrow.string(), pyarrow.int8()), "decimal": pyarrow.decimal128(10, 2), "field": pyarrow.field("a", pyarrow.list_(pyarrow.timestamp("us", "UTC")))}
    for name, value in values.items():
        for protocol in (2, 5):
            with open(files.path(f"columns/{name}_{protocol}.pkl", f"pickle of {name}"), "wb") as file:
                pickle.dump(value, file, protocol)
    frame.to_pickle(files.path("columns/frame.pkl.zst", "pandas pickle in zstd"), compression="zstd")
    for compression in ["snappy", "gzip", "zstd", None]:
        frame.to_parquet(files.path(f"columns/frame_{compression}.parquet", "Parquet"), compression=compression)
    frame.to_feather(files.path("columns/frame.feather", "Feather"))
    frame.drop(columns="d").to_hdf(files.path("columns/fixed.h5", "pandas in HDF5"), key="frame", format="fixed")
    frame.to_hdf(files.path("columns/table.h5", "pandas in HDF5, as a table"), key="frame", format="table")


def polars_files(files):
    import polars
    frame = polars.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    frame.write_ipc(files.path("columns/polars.arrow", "Arrow by polars"))
    frame.write_avro(files.path("columns/polars.avro", "Avro"))
    frame.write_ndjson(files.path("columns/polars.ndjson", "JSON lines"))
    for name, value in {"frame": frame, "series": frame["a"], "expression": polars.col("a") + 1}.items():
        with open(files.path(f"columns/polars_{name}.pkl", f"polars {name}"), "wb") as file:
            pickle.dump(value, file)


def stores(files):
    import netCDF4
    import numpy
    import tables
    with tables.open_file(files.path("columns/tables.h5", "PyTables"), "w") as file:
        array = file.create_array(file.create_group("/", "g"), "x", numpy.arange(10))
        array.attrs.meta, array.attrs.pair = {"a": [1, 2]}, (1, 2)
        rows = file.create_vlarray("/", "objects", tables.ObjectAtom())
        rows.append({"a": 1})
    for form in ["NETCDF4", "NETCDF3_CLASSIC"]:
        data = netCDF4.Dataset(files.path(f"columns/{form}.nc", form), "w", format=form)
        data.createDimension("t", 3)
        data.createVariable("v", "f4", ("t",))[:] = [1, 2, 3]
        data.close()


BUILDERS = [frames, polars_files, stores]
