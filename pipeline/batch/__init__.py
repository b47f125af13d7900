"""Flow over many files: processes of this machine, or Dask workers."""
