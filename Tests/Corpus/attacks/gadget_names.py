"""Functions of the standard library and of some two hundred packages that run, load, fetch, open or build something: each is
called with a command, as an attacker would who has found one that no list names."""
from assembly import Call, Name, dump

COMMAND = "echo assay"
NAMES = {
    "standard library, pip and setuptools": """
        os.system os.execv os.execvp os.execve os.execlpe os.spawnl os.spawnlp os.spawnv os.spawnvpe os.posix_spawnp
        os.popen2 os.popen3 os.popen4 os.startfile os.fdopen os.forkpty posix.execv posix.posix_spawn posix.fork_exec
        nt.system nt.execv nt.spawnv nt.startfile subprocess.check_call subprocess.check_output subprocess.call
        subprocess.getstatusoutput subprocess._fork_exec _posixsubprocess.fork_exec _winapi.CreateProcess popen2.popen2
        popen2.Popen3 commands.getstatusoutput pty.spawn pty.fork asyncio.create_subprocess_shell
        asyncio.create_subprocess_exec asyncio.subprocess.create_subprocess_shell
        asyncio.base_events.BaseEventLoop.subprocess_shell asyncio.run asyncio.runners.run
        asyncio.events.AbstractEventLoop.run_in_executor builtins.exec builtins.eval builtins.compile
        __builtin__.compile __builtin__.execfile __builtin__.input code.InteractiveConsole
        code.InteractiveInterpreter.runsource codeop.Compile codeop.CommandCompiler bdb.Bdb.runeval bdb.Bdb.runctx
        bdb.Bdb.runcall pdb.runeval pdb.runctx pdb.Pdb.run pdb.runcall pdb.main pdb.set_trace pdb.post_mortem
        cProfile.run cProfile.runctx cProfile.Profile.run cProfile.Profile.runctx cProfile.Profile.runcall profile.run
        profile.runctx profile.Profile.run profile.Profile.runctx profile.Profile.calibrate hotshot.Profile.run
        trace.Trace.run trace.Trace.runfunc trace.main timeit.repeat timeit.Timer timeit.Timer.timeit
        timeit.Timer.repeat timeit.main doctest.run_docstring_examples doctest.testmod doctest.testfile
        doctest.debug_src doctest.debug_script doctest.debug doctest.DocTestRunner.run doctest.testsource unittest.main
        unittest.TestProgram unittest.TextTestRunner.run unittest.util._common_shorten_repr unittest.mock.patch
        unittest.mock._patch.__enter__ unittest.loader.TestLoader.discover unittest.loader.TestLoader.loadTestsFromNames
        unittest.loader.findTestCases runpy.run_path runpy._run_module_code runpy._run_module_as_main
        runpy._get_code_from_file runpy._get_module_details idlelib.pyshell.ModifiedInterpreter.runcode
        idlelib.pyshell.ModifiedInterpreter.runcommand idlelib.pyshell.main idlelib.debugobj.ObjectTreeItem.SetText
        idlelib.autocomplete.AutoComplete.fetch_completions idlelib.calltip.Calltip.fetch_tip
        idlelib.run.Executive.get_the_completion_list idlelib.stackviewer.StackBrowser idlelib.rpc.SocketIO.localcall
        idlelib.rpc.SocketIO.__init__ lib2to3.main.main lib2to3.refactor.get_all_fix_names
        lib2to3.refactor.RefactoringTool lib2to3.pgen2.driver.load_grammar lib2to3.pgen2.grammar.Grammar.load
        lib2to3.pygram.driver.load_grammar distutils.spawn.spawn distutils.spawn._spawn_posix distutils.core.run_setup
        distutils.core.setup distutils.cmd.Command.spawn distutils.ccompiler.CCompiler.spawn distutils.util.execute
        distutils.util.byte_compile distutils.file_util.write_file distutils.sysconfig.customize_compiler
        setuptools.setup setuptools.build_meta.run_setup setuptools.build_meta._BuildMetaBackend.run_setup
        setuptools.sandbox.run_setup setuptools.sandbox.save_modules setuptools.launch.run
        setuptools.command.easy_install.main setuptools.command.easy_install.easy_install.install_site_py
        setuptools.package_index.PackageIndex.download setuptools.msvc.EnvironmentInfo
        setuptools.config.expand.read_attr setuptools.config.expand.find_packages setuptools._distutils.core.run_setup
        setuptools._distutils.spawn.find_executable setuptools._distutils.cmd.Command.spawn pip.main
        pip._internal.cli.main.main pip._internal.utils.subprocess.runner_with_spinner_message
        pip._internal.utils.subprocess.call_subprocess pip._internal.vcs.git.Git.run_command
        pip._internal.vcs.versioncontrol.VersionControl.run_command pip._internal.build_env.BuildEnvironment
        pip._internal.commands.install.InstallCommand.main pip._internal.utils.entrypoints._wrapper
        pip._vendor.pkg_resources.run_script pip._vendor.distlib.util.resolve pip._vendor.distlib.util.get_cache_base
        pip._vendor.distlib.scripts.ScriptMaker.make pip._vendor.distlib.index.PackageIndex.run_command
        pip._vendor.distro.distro.LinuxDistribution.__init__ ensurepip.bootstrap ensurepip._bootstrap ensurepip._main
        venv.create venv.EnvBuilder._setup_pip zipapp.create_archive zipapp.main platform._syscmd_ver
        platform._syscmd_file platform._node platform.architecture platform._Processor.from_subprocess webbrowser.get
        webbrowser.GenericBrowser webbrowser.UnixBrowser._invoke webbrowser.Konqueror.open webbrowser.Edge
        antigravity.geohash ctypes.util.find_library ctypes.util._findLib_ld ctypes.util._get_soname ctypes.util.test
        sysconfig._main sysconfig._generate_posix_vars sysconfig._init_posix uuid._ifconfig_getter uuid._arp_getter
        uuid._find_mac_under_heading uuid.getnode uuid._ip_getter getpass.getpass getpass.fallback_getpass
        imaplib.IMAP4_stream nntplib.NNTP smtpd.PureProxy smtpd.SMTPServer asyncore.loop wsgiref.handlers.CGIHandler.run
        wsgiref.simple_server.demo_app cgitb.handler cgi.test CGIHTTPServer.CGIHTTPRequestHandler.run_cgi
        http.server.CGIHTTPRequestHandler.run_cgi http.server.test
        xmlrpc.server.SimpleXMLRPCDispatcher.register_instance xmlrpc.server.resolve_dotted_attribute
        SimpleXMLRPCServer.resolve_dotted_attribute multiprocessing.Process multiprocessing.context.Process
        multiprocessing.process.BaseProcess.run multiprocessing.popen_fork.Popen multiprocessing.popen_spawn_posix.Popen
        multiprocessing.forkserver.main multiprocessing.forkserver.ForkServer.ensure_running
        multiprocessing.spawn.spawn_main multiprocessing.spawn._main multiprocessing.spawn.prepare
        multiprocessing.spawn._fixup_main_from_path multiprocessing.spawn._fixup_main_from_name
        multiprocessing.util.Finalize multiprocessing.managers.BaseManager multiprocessing.managers.Server.serve_forever
        multiprocessing.managers.RebuildProxy multiprocessing.managers.AutoProxy multiprocessing.pool.Pool
        multiprocessing.pool.worker multiprocessing.resource_tracker.main multiprocessing.Pool
        concurrent.futures.ProcessPoolExecutor concurrent.futures.process._process_worker
        concurrent.futures.thread._WorkItem.run threading.Timer threading._DummyThread _thread.start_new
        sched.scheduler.run signal.signal atexit._run_exitfuncs dis.dis dis.Bytecode dis.code_info inspect.getmodule
        inspect._main inspect.signature typing._eval_type typing.ForwardRef._evaluate typing.get_type_hints
        annotationlib.get_annotations dataclasses.make_dataclass dataclasses._create_fn collections.namedtuple
        tabnanny.process_tokens pyclbr.readmodule pyclbr._main modulefinder.test py_compile.main compileall.main
        tkinter.Tk tkinter.Tcl tkinter.Misc.after turtle.bye turtledemo.main tkinter.Misc.eval _tkinter.create
        readline.set_completer rlcompleter.Completer.complete rlcompleter.Completer.global_matches cmd.Cmd.onecmd
        sqlite3.Connection.create_function sqlite3.Connection.enable_load_extension pickletools.main pickletools._test
        symtable.main test.support.run_code test.support.run_in_subinterp
        test.support.script_helper.assert_python_failure test.support.script_helper.run_python_until_end
        test.support.import_helper.import_module test.libregrtest.main.main test.regrtest.main
        xml.dom.expatbuilder.parse xml.sax.make_parser xml.sax.parse xml.etree.ElementInclude.include
        sre_compile._compile gettext.c2py gettext._as_int _sitebuiltins.Quitter site.execusercustomize site.main
        site.addpackage site.addusersitepackages mailcap.findmatch mailcap.test pipes.Template.open
        pipes.Template.append pipes.Template.copy bsddb.hashopen dumbdbm.open anydbm.open _xxsubinterpreters.create
        _interpreters.run_string interpreters.Interpreter.exec concurrent.interpreters.Interpreter.exec
        _interpreters.call test.support.interpreters.Interpreter.exec code.compile_command ctypes.windll ctypes.oledll
        ctypes.PYFUNCTYPE ctypes.CDLL ctypes.pydll.LoadLibrary ctypes.cdll.__getattr__ ctypes.LibraryLoader
        ctypes.memset ctypes.cast ctypes.py_object.from_address ctypes.c_char.from_address
    """,
    "NumPy, PyTorch, scikit-learn, pandas, joblib": """
        numpy.load numpy.core.multiarray.fromfile numpy.lib.npyio.load numpy.lib.npyio.NpzFile
        numpy.lib._npyio_impl.load numpy.lib.format.read_array numpy.loadtxt numpy.lib.format.open_memmap
        numpy.testing.measure numpy.testing.rundocs numpy.testing.runstring numpy.testing._private.utils.rundocs
        numpy.testing.utils.runstring numpy.testing._private.utils.measure
        numpy.testing.extbuild.build_and_import_extension numpy.testing._private.extbuild.build_and_import_extension
        numpy.f2py.compile numpy.f2py.run_main numpy.f2py.f2py2e.run_compile numpy.f2py.crackfortran.param_eval
        numpy.f2py.crackfortran.myeval numpy.f2py.crackfortran._eval_length numpy.f2py.crackfortran._eval_scalar
        numpy.f2py.capi_maps.load_f2cmap_file numpy.f2py.diagnose.run numpy.f2py.crackfortran.analyzevars
        numpy.f2py.capi_maps.getinit numpy.f2py._backends._meson.MesonBackend.compile
        numpy.distutils.exec_command.exec_command numpy.distutils.exec_command._exec_command
        numpy.distutils.misc_util.get_cmd numpy.distutils.cpuinfo.getoutput numpy.distutils.cpuinfo.command_info
        numpy.distutils.core.setup numpy.distutils.lib2def.getnm numpy.core._internal._makenames_list
        numpy.core._internal._commastring numpy.lib.utils.source numpy.lib.utils.safe_eval numpy.lib.utils.lookfor
        numpy.safe_eval numpy.bmat numpy.matrixlib.defmatrix.bmat numpy.ctypeslib.load_library numpy.source torch.load
        torch.jit.load torch.jit.load_jit_module_from_flatbuffer torch.jit.script torch.jit.frontend.get_jit_def
        torch._C.import_ir_module torch._C._import_ir_module torch._C.PyTorchFileReader torch._C._jit_script_compile
        torch._C._load_for_lite_interpreter torch.hub.load torch.hub._load_local torch.hub.help torch.hub.list
        torch.hub._get_cache_or_reload torch.hub.import_module torch.hub._load_entry_from_hubconf
        torch.hub._import_module torch.hub.load_state_dict_from_url torch.utils.model_zoo.load_url
        torch.utils.cpp_extension.load torch.utils.cpp_extension._run_ninja_build
        torch.utils.cpp_extension.verify_ninja_availability torch.utils.cpp_extension._import_module_from_library
        torch.utils.cpp_extension._jit_compile torch.utils.cpp_extension._write_ninja_file_and_build_library
        torch.utils.cpp_extension.get_compiler_abi_compatibility_and_version
        torch.utils.cpp_extension.check_compiler_is_gcc torch.utils.collect_env.run
        torch.utils.collect_env.run_and_read_all torch.utils.collect_env.run_and_parse_first_match
        torch.utils.collect_env.get_running_cuda_version torch.utils.collect_env.run_and_return_first_line
        torch.utils.bottleneck.__main__.run_env_analysis torch.utils.bottleneck.__main__.main
        torch.utils.bottleneck.__main__.compile_or_eval torch.utils.data.datapipes.utils.decoder.basichandlers
        torch.utils.data.datapipes.utils.decoder.handle_extension torch.utils.data.DataLoader
        torch.utils.data._utils.worker._worker_loop torch.utils._config_module.load_config
        torch.utils._config_module.ConfigModule._load_config torch.utils._config_module.install_config_module
        torch.utils.show_pickle.main torch.utils.show_pickle.DumpUnpickler.dump torch.utils.model_dump.main
        torch.utils.model_dump.get_model_info torch.utils.hipify.hipify_python.hipify torch.utils.benchmark.Timer
        torch.utils.benchmark.utils.timer.Timer.timeit torch.utils.benchmark.utils.cpp_jit.compile_timeit_template
        torch.utils.benchmark.utils.valgrind_wrapper.timer_interface.wrapper_singleton
        torch._inductor.codecache.CUDACodeCache.load torch._inductor.codecache.CppCodeCache.load
        torch._inductor.codecache.compile_file torch._inductor.codecache.AsyncCompile.python
        torch._inductor.codecache.PyCodeCache.load_by_key_path torch._inductor.compile_fx.compile_fx
        torch._inductor.runtime.compile_tasks._reload_triton_kernel_in_subproc torch._inductor.package.load_package
        torch._inductor.aoti_load_package torch._inductor.utils.get_code
        torch._inductor.compile_worker.subproc_pool.SubprocPool torch._inductor.cpp_builder.run_compile_cmd
        torch._inductor.cpp_builder.CppBuilder.build torch._inductor.cpu_vec_isa.VecISA.check_build
        torch._dynamo.guards.GuardBuilder.get torch._dynamo.guards.CheckFunctionManager
        torch._dynamo.debug_utils.run_fwd_maybe_bwd torch._dynamo.debug_utils.generate_config_string
        torch._dynamo.repro.after_aot.repro_main torch._dynamo.bytecode_transformation.assemble
        torch._dynamo.resume_execution.ContinueExecutionCache.generate torch._dynamo.config_utils.install_config_module
        torch.fx.graph_module._exec_with_source torch.fx.graph_module._method_from_src torch.fx.GraphModule
        torch.fx.graph_module.reduce_deploy_graph_module torch.fx.graph_module.reduce_package_graph_module
        torch.fx._symbolic_trace.symbolic_trace torch.fx.Interpreter.run
        torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_expr torch.fx.experimental.sym_node.SymNode
        torch.package.package_importer.PackageImporter.load_pickle torch.package.PackageImporter.import_module
        torch.package.importer.OrderedImporter torch.package.package_exporter.PackageExporter
        torch.package._package_unpickler.PackageUnpickler torch.package._mock.install_method
        torch.package.package_importer.PackageImporter._make_module torch.package.sys_importer
        torch.package.OrderedImporter.import_module torch.distributed.rpc.internal.deserialize
        torch.distributed.rpc.internal._internal_rpc_pickler.deserialize torch.distributed.rpc.api.rpc_sync
        torch.distributed.rpc.rpc_async torch.distributed.rpc.init_rpc torch.distributed.launch.main
        torch.distributed.run.main torch.distributed.elastic.multiprocessing.start_processes
        torch.distributed.elastic.multiprocessing.api.start_processes
        torch.distributed.elastic.multiprocessing.subprocess_handler.SubprocessHandler
        torch.distributed.elastic.multiprocessing.subprocess_handler.subprocess_handler.SubprocessHandler
        torch.distributed.init_process_group
        torch.distributed.nn.jit.instantiator._do_instantiate_remote_module_template
        torch.distributed.nn.jit.instantiator.instantiate_scriptable_remote_module_template
        torch.distributed.checkpoint.load torch.distributed.checkpoint.FileSystemReader
        torch.distributed.distributed_c10d._tensor_to_object torch.distributed.broadcast_object_list
        torch.distributed.checkpoint.format_utils.dcp_to_torch_save torch.multiprocessing.spawn
        torch.multiprocessing.start_processes torch.multiprocessing.spawn.start_processes
        torch.multiprocessing.reductions.rebuild_cuda_tensor torch.multiprocessing.reductions.rebuild_storage_fd
        torch.multiprocessing.reductions.rebuild_storage_filename torch.multiprocessing._prctl_pr_set_pdeathsig
        torch.onnx._internal.exporter._core.export torch.onnx.export torch.onnx.verification.verify
        torch.testing._internal.common_utils.run_tests torch.testing._internal.common_utils.shell
        torch.testing._internal.common_utils.TestCase.runWithPytorchAPIUsageStderr
        torch.testing._internal.inductor_utils.run_and_get_code
        torch.testing._internal.distributed.distributed_test.run_subtests torch.testing._internal.jit_utils.execWrapper
        torch.testing._internal.common_utils.freeze_rng_state torch.testing._internal.jit_utils.get_forward
        torch.cuda._compile_kernel torch.cuda.jiterator._create_jit_fn torch.cuda.jiterator._JittedFunction
        torch.ops.load_library torch._ops._Ops.load_library torch.classes.load_library
        torch._classes._Classes.load_library torch.library.Library torch.export.load
        torch.export.pt2_archive._package.load_pt2 torch._export.serde.serialize.deserialize
        torch._export.serde.serialize.deserialize_torch_artifact torch._export.load torch.backends._nnapi.serializer
        torch._weights_only_unpickler.load torch.serialization.add_safe_globals
        torch.serialization.set_default_load_endianness torch.serialization._open_file
        torch._utils_internal.export_api_rate_limit torch._appdirs.user_data_dir torch.serialization.load_build_dir
        torchvision.datasets.folder.default_loader torchvision.datasets.utils.download_and_extract_archive
        torchvision.io.read_file torchvision.io.write_file torchvision.models.get_model
        torchvision.extension._load_library torchvision.datasets.DatasetFolder torchaudio.load
        torchaudio._extension.utils._load_lib torchtext.utils.download_from_url sklearn.datasets.load_files
        sklearn.datasets.fetch_openml sklearn.datasets.fetch_20newsgroups sklearn.utils._testing._delete_folder
        sklearn.utils._openmp_helpers._openmp_effective_n_threads sklearn.utils.fixes._open_text
        sklearn.datasets._base._fetch_remote sklearn.datasets._base.load_gzip_compressed_csv_data
        sklearn.datasets.fetch_lfw_people sklearn.externals._packaging sklearn.externals.joblib.numpy_pickle.load
        sklearn.utils._show_versions._get_deps_info sklearn._build_utils.pre_build_helpers.compile_test_program
        sklearn.utils._testing.assert_run_python_script_without_output sklearn.externals._numpydoc.docscrape.ClassDoc
        pandas.read_hdf pandas.read_sql pandas.read_json pandas.read_html pandas.read_xml pandas.read_clipboard
        pandas.io.sql.read_sql pandas.core.computation.expr.Expr pandas.core.computation.scope.Scope
        pandas.core.computation.engines.PythonEngine.evaluate pandas.core.computation.expressions.evaluate
        pandas.io.clipboard.copy pandas.io.clipboard.init_osx_pbcopy_clipboard pandas.io.clipboard._executable_exists
        pandas.io.clipboard.determine_clipboard pandas.util._print_versions.show_versions pandas.util._tester.test
        pandas.io.common.urlopen pandas.io.common.get_handle pandas.DataFrame.to_csv pandas.DataFrame.eval
        pandas.core.generic.NDFrame.to_pickle pandas.compat._optional.import_optional_dependency
        pandas.util._decorators.doc pandas.plotting._core._get_plot_backend
        pandas.io.formats.style.Styler.from_custom_template pandas._testing._io.round_trip_pickle
        pandas._testing.round_trip_pickle pandas.io.excel._base.ExcelFile pandas.io.pytables.HDFStore
        pandas.io.stata.read_stata pandas.io.sas.read_sas joblib.load joblib.numpy_pickle_utils._read_fileobject
        joblib.numpy_pickle.NumpyUnpickler joblib.numpy_pickle._unpickle joblib.numpy_pickle_compat.load_compatibility
        joblib.numpy_pickle_compat.ZipNumpyUnpickler joblib.numpy_pickle_compat.NDArrayWrapper.read
        joblib.parallel.Parallel joblib.parallel.BatchedCalls joblib.memory.Memory joblib.memory.Memory.cache
        joblib.func_inspect.get_func_code joblib.func_inspect.get_func_name joblib.hashing.hash
        joblib.externals.loky.backend.popen_loky_posix.Popen joblib.externals.loky.process_executor._process_worker
        joblib.externals.loky.backend.spawn.prepare joblib.externals.loky.get_reusable_executor
        joblib.externals.loky.backend.resource_tracker.spawnv_passfds
        joblib.externals.loky.backend.context._count_physical_cores
        joblib.externals.loky.backend.utils.kill_process_tree
        joblib.externals.loky.cloudpickle_wrapper.wrap_non_picklable_objects
        joblib.externals.cloudpickle.cloudpickle._make_function joblib.testing.check_subprocess_call
        joblib.backports.make_memmap joblib.disk.delete_folder joblib._store_backends.FileSystemStoreBackend.load_item
        joblib._cloudpickle_wrapper.CloudpickledObjectWrapper joblib._memmapping_reducer._strided_from_memmap
    """,
    "transformers, TensorFlow, Keras, huggingface_hub, pydantic, dill, cloudpickle": """
        transformers.AutoModel.from_pretrained transformers.AutoConfig.from_pretrained
        transformers.AutoProcessor.from_pretrained transformers.pipelines.pipeline
        transformers.modeling_utils.load_state_dict transformers.modeling_utils.PreTrainedModel.from_pretrained
        transformers.utils.hub.cached_file transformers.utils.hub.download_url
        transformers.utils.import_utils._LazyModule transformers.utils.import_utils.direct_transformers_import
        transformers.dynamic_module_utils.get_class_in_module transformers.dynamic_module_utils.custom_object_save
        transformers.dynamic_module_utils.get_cached_module_file transformers.dynamic_module_utils.check_imports
        transformers.tools.load_tool transformers.agents.load_tool
        transformers.agents.python_interpreter.evaluate_python_code
        transformers.commands.add_new_model_like.add_new_model_like transformers.testing_utils.execute_subprocess_async
        transformers.testing_utils.run_command transformers.testing_utils.run_test_in_subprocess
        transformers.convert_graph_to_onnx.convert
        transformers.modeling_tf_pytorch_utils.load_pytorch_checkpoint_in_tf2_model
        transformers.models.rag.retrieval_rag.LegacyIndex
        transformers.models.transfo_xl.tokenization_transfo_xl.TransfoXLCorpus.from_pretrained
        transformers.trainer_pt_utils.nested_concat transformers.integrations.integration_utils.run_hp_search_ray
        transformers.integrations.hub_kernels.load_and_register_kernel
        transformers.utils.chat_template_utils.render_jinja_template
        transformers.utils.chat_template_utils._compile_jinja_template transformers.activations_tf.get_tf_activation
        transformers.configuration_utils.PretrainedConfig.from_json_file transformers.HfArgumentParser.parse_yaml_file
        tensorflow.io.gfile.GFile tensorflow.io.read_file tensorflow.io.write_file tensorflow.saved_model.load
        tensorflow.load_library tensorflow.python.framework.load_library.load_library
        tensorflow.python.lib.io.file_io.FileIO tensorflow.python.lib.io.file_io.delete_recursively_v2
        tensorflow.keras.models.model_from_json tensorflow.keras.models.model_from_yaml tensorflow.keras.utils.get_file
        tensorflow.keras.layers.Lambda tensorflow.python.keras.utils.generic_utils.func_load
        tensorflow.python.ops.script_ops.py_func tensorflow.py_func tensorflow.compat.v1.py_func
        tensorflow.numpy_function tensorflow.raw_ops.PyFunc tensorflow.raw_ops.WriteFile
        tensorflow.python.eager.def_function.function tensorflow.python.tools.saved_model_cli.main
        tensorflow.python.tools.saved_model_cli.preprocess_input_exprs_arg_string
        tensorflow.python.platform.resource_loader.load_resource
        tensorflow.python.debug.cli.command_parser.evaluate_tensor_slice
        tensorflow.python.debug.wrappers.local_cli_wrapper.LocalCLIDebugWrapperSession tensorflow.python.util.tf_inspect
        tensorflow.python.autograph.pyct.loader.load_source tensorflow.python.autograph.pyct.loader.load_ast
        tensorflow.python.autograph.impl.api.converted_call tensorflow.python.autograph.pyct.parser.parse
        tensorflow.python.autograph.operators.py_builtins.eval_in_original_context
        tensorflow.python.distribute.multi_process_runner.run
        tensorflow.python.data.ops.dataset_ops.DatasetV2.from_generator tensorflow.data.TFRecordDataset
        tensorflow.python.checkpoint.checkpoint.Checkpoint.restore tensorflow.train.load_checkpoint
        tensorflow.compat.v1.train.import_meta_graph tensorflow.compat.v1.import_graph_def tensorflow.lite.Interpreter
        tensorflow.lite.experimental.load_delegate tensorflow.distribute.cluster_resolver.SlurmClusterResolver
        tensorflow.python.distribute.cluster_resolver.slurm_cluster_resolver.get_num_slurm_tasks
        tensorflow.python.framework.test_util.run_v2_only tensorflow.python.tpu.tpu_embedding
        tensorflow.python.util.lazy_loader.LazyLoader keras.models.load_model keras.saving.load_model
        keras.src.saving.saving_lib.load_model keras.src.saving.legacy.legacy_h5_format.load_model_from_hdf5
        keras.saving.deserialize_keras_object keras.src.saving.serialization_lib.deserialize_keras_object
        keras.layers.Lambda keras.src.layers.core.lambda_layer.Lambda
        keras.src.layers.core.lambda_layer.Lambda.from_config keras.src.utils.python_utils.func_load
        keras.utils.generic_utils.func_load keras.src.utils.file_utils.get_file
        keras.src.utils.file_utils.extract_archive keras.layers.TFSMLayer keras.src.export.tfsm_layer.TFSMLayer
        keras.src.utils.torch_utils.TorchModuleWrapper.from_config keras.models.model_from_json
        keras.models.Model.from_config keras.Sequential.from_config keras.datasets.mnist.load_data
        keras.utils.custom_object_scope keras.src.backend.common.global_state.set_global_attribute
        keras.config.enable_unsafe_deserialization keras.src.saving.serialization_lib.enable_unsafe_deserialization
        keras.src.saving.object_registration.register_keras_serializable keras.utils.audio_dataset_from_directory
        keras.src.legacy.saving.legacy_h5_format.load_model_from_hdf5
        keras.src.legacy.saving.serialization.deserialize_keras_object keras.utils.plot_model
        keras.preprocessing.sequence scikeras._saving_utils.unpack_keras_model tf_keras.models.load_model
        tf_keras.src.saving.saving_lib.load_model huggingface_hub.snapshot_download
        huggingface_hub.file_download.hf_hub_download huggingface_hub.hf_api.HfApi.upload_folder huggingface_hub.HfApi
        huggingface_hub.upload_file huggingface_hub.Repository huggingface_hub.repository.Repository
        huggingface_hub.utils._subprocess.run_subprocess huggingface_hub.utils._subprocess.run_interactive_subprocess
        huggingface_hub.keras_mixin.from_pretrained_keras huggingface_hub.from_pretrained_fastai
        huggingface_hub.inference_api.InferenceApi huggingface_hub.InferenceClient huggingface_hub.login
        huggingface_hub.serialization.load_torch_model huggingface_hub.serialization._torch.load_state_dict_from_file
        huggingface_hub.utils._git_credential.set_git_credential huggingface_hub.commands.lfs.LfsUploadCommand
        huggingface_hub.HfFileSystem huggingface_hub.hf_file_system.HfFileSystem.open huggingface_hub.run_job
        huggingface_hub.ModelHubMixin.from_pretrained huggingface_hub.PyTorchModelHubMixin.from_pretrained
        huggingface_hub.get_token pydantic.utils.import_string pydantic.ImportString pydantic.validators.import_string
        pydantic._internal._import_utils.import_cached_base_model pydantic.v1.utils.import_string pydantic.parse_file_as
        pydantic.v1.parse.load_file pydantic.v1.main.BaseModel.parse_raw pydantic.BaseModel.parse_raw
        pydantic.deprecated.parse.load_file pydantic.deprecated.parse.load_str_bytes
        pydantic._migration.getattr_migration pydantic.create_model pydantic.plugin._loader.get_plugins
        pydantic.dataclasses.dataclass pydantic._internal._typing_extra.eval_type_lenient
        pydantic._internal._typing_extra.eval_type_backport pydantic._internal._typing_extra._eval_type
        pydantic.v1.typing.evaluate_forwardref pydantic.schema.encode_default pydantic.v1.env_settings.read_env_file
        pydantic.mypy.plugin dill._dill._import_module dill._dill._get_attr dill._dill._create_filehandle
        dill._dill._eval_repr dill._dill._create_namedtuple dill._dill._create_weakproxy dill._dill._create_cell
        dill._dill._create_ftype dill._dill._create_typing_tuple dill._dill._getattribute dill._dill._setitems
        dill._dill._unmarshal dill._dill.Unpickler dill.load dill.load_module dill.session.load_module
        dill.session.load_session dill.temp.load dill.temp.load_source dill.temp.loadIO dill.temp.capture
        dill.source.getsource dill.source._import dill.source.dumpsource dill.detect.errors dill.detect.baditems
        dill.settings dill.extend dill.loads dill._objects dill.pointers.parent dill.detect.getmodule
        dill._dill._extend cloudpickle.cloudpickle.subimport cloudpickle.cloudpickle.dynamic_subimport
        cloudpickle.cloudpickle._make_function cloudpickle.cloudpickle._make_skel_func
        cloudpickle.cloudpickle._fill_function cloudpickle.cloudpickle._function_setstate
        cloudpickle.cloudpickle._class_setstate cloudpickle.cloudpickle._make_skeleton_enum
        cloudpickle.cloudpickle._make_typevar cloudpickle.cloudpickle._lookup_module_and_qualname
        cloudpickle.cloudpickle._make_cell cloudpickle.cloudpickle._get_bases cloudpickle.cloudpickle._property_reduce
        cloudpickle.cloudpickle._file_reduce cloudpickle.cloudpickle._make_dict_keys cloudpickle.cloudpickle.loads
        cloudpickle.load cloudpickle.cloudpickle_fast._function_setstate
        cloudpickle.cloudpickle.parametrized_type_hint_getinitargs
    """,
    "others": """
        mlflow.pyfunc.load_model mlflow.projects.run mlflow.models.Model.load mlflow.utils.process._exec_cmd
        mlflow.pyfunc.spark_udf mlflow.pyfunc._load_pyfunc mlflow.sklearn._load_pyfunc mlflow.pytorch._load_pyfunc
        mlflow.artifacts.download_artifacts mlflow.utils.file_utils.download_file_using_http_uri
        mlflow.pyfunc.utils.environment mlflow.langchain.load_model mlflow.pyfunc.model._load_pyfunc
        mlflow.models.utils._load_model_code_path mlflow.utils.model_utils._add_code_to_system_path
        langchain.load.load.loads langchain_core.load.load langchain.chains.loading.load_chain
        langchain_experimental.utilities.PythonREPL langchain.utilities.python.PythonREPL.run
        langchain.llms.bash.BashProcess langchain.utilities.bash.BashProcess.run
        langchain_core.prompts.loading.load_prompt langchain.vectorstores.FAISS.load_local
        llama_index.core.exec_utils.safe_eval gradio.load gradio.Interface.load streamlit.cli.main ray.init ray.remote
        ray.get ray.cloudpickle.load ray.util.accelerators ray._private.services.start_ray_process
        ray._private.runtime_env.utils.check_output_cmd dask.compute dask.delayed dask.bag.from_sequence
        dask.utils.import_required distributed.worker.loads_function distributed.protocol.deserialize distributed.Client
        distributed.utils.import_file distributed.nanny.Nanny IPython.embed IPython.start_ipython
        IPython.core.magics.osm.OSMagics.cd IPython.utils.process.system
        IPython.utils._process_posix.ProcessHandler.system IPython.utils.py3compat.execfile IPython.utils.syspathcontext
        IPython.lib.backgroundjobs.BackgroundJobManager.new IPython.core.completer.Completer.attr_matches
        IPython.terminal.interactiveshell.TerminalInteractiveShell ipykernel.embed.embed_kernel
        jupyter_client.manager.start_new_kernel nbconvert.preprocessors.ExecutePreprocessor
        traitlets.config.loader.PyFileConfigLoader.load_config traitlets.config.loader.DeferredConfigString.get_value
        traitlets.traitlets.Type._resolve_string matplotlib.texmanager.TexManager._run_checked_subprocess
        matplotlib.dviread._LuatexKpsewhich matplotlib.cbook._check_and_log_subprocess matplotlib.rc_params_from_file
        matplotlib.testing.subprocess_run_for_testing matplotlib.backends.backend_pgf.LatexManager
        matplotlib.plot_directive.run_code matplotlib.sphinxext.plot_directive._run_code matplotlib.cbook._get_data_path
        matplotlib.style.use PIL.ImageShow.UnixViewer.show_file PIL.ImageGrab.grab PIL.Image.Image.show
        PIL.ImageMath.eval PIL.ImageMath.unsafe_eval PIL.ImageMath.lambda_eval PIL.EpsImagePlugin.Ghostscript
        PIL.ImageFont.truetype scipy.io.loadmat scipy.datasets.face scipy.integrate._quadpack_py.quad
        scipy._lib._ccallback.LowLevelCallable scipy.weave.inline scipy.weave.blitz scipy.misc.imread scipy.io.readsav
        scipy.io.netcdf_file scipy._lib._uarray._backend.pickle_state scipy._lib.doccer.docformat
        sympy.core.sympify.sympify sympy.S.__call__ sympy.parsing.sympy_parser.parse_expr
        sympy.parsing.sympy_parser.eval_expr sympy.utilities.lambdify.lambdify sympy.utilities.autowrap.autowrap
        sympy.utilities._compilation.util.import_module_from_file
        sympy.testing.runtests.run_in_subprocess_with_hash_randomization sympy.polys.polytools.parallel_poly_from_expr
        sympy.core.basic.Basic.subs sympy.solve sympy.external.import_module
        sympy.plotting.experimental_lambdify.lambdify sympy.simplify sympy.utilities.pkgdata.get_resource
        sympy.interactive.session.init_ipython_session sympy.printing.preview.preview xgboost.Booster.load_model
        xgboost.dask.train xgboost.core._load_lib lightgbm.Booster lightgbm.basic.Booster.__init__
        lightgbm.libpath.find_lib_path catboost.CatBoost.load_model catboost.core._load_model onnx.load onnx.hub.load
        onnxruntime.InferenceSession onnxruntime.SessionOptions.register_custom_ops_library
        onnxruntime.tools.convert_onnx_models_to_ort.main onnx.reference.ReferenceEvaluator onnx.utils.extract_model
        onnxmltools.utils.load_model skl2onnx.convert_sklearn openvino.Core.add_extension openvino.Core.read_model
        openvino.runtime.Core tensorrt.Runtime.deserialize_cuda_engine coremltools.models.MLModel datasets.load_dataset
        datasets.load_from_disk datasets.Dataset.map datasets.utils.py_utils.loads
        datasets.packaged_modules.generator.generator.Generator datasets.load.load_dataset_builder
        datasets.utils.file_utils.cached_path datasets.DownloadManager.download
        datasets.arrow_dataset.Dataset.from_generator evaluate.load evaluate.loading.load
        gensim.models.KeyedVectors.load gensim.utils.SaveLoad.load gensim.models.Word2Vec.load
        gensim.corpora.Dictionary.load gensim.utils.check_output gensim.downloader.load
        gensim.utils.open spacy.cli.run.project_run spacy.util.load_model spacy.util.run_command spacy.cli.download
        spacy.util.import_file spacy.registry.get catalogue.Registry.get thinc.util.import_module srsly.read_pickle
        spacy.language.Language.from_disk nltk.internals.java nltk.data.load nltk.app.wordnet
        nltk.downloader.Downloader.download nltk.parse.malt.MaltParser nltk.internals.config_java
        nltk.sem.Expression.fromstring flask.cli.load_app flask.Config.from_pyfile flask.Config.from_object
        flask.render_template_string werkzeug.debug.console.Console.eval werkzeug.utils.find_modules
        jinja2.loaders.ModuleLoader jinja2.Environment.compile_expression jinja2.utils.import_string
        jinja2.environment.Template.from_code jinja2.sandbox.SandboxedEnvironment.from_string jinja2.FileSystemLoader
        django.template.Template django.core.management.execute_from_command_line
        django.core.cache.backends.filebased.FileBasedCache django.contrib.sessions.serializers.PickleSerializer.loads
        django.core.management.call_command django.utils.module_loading.import_module tornado.template.Loader
        tornado.process.Subprocess tornado.util.import_object tornado.util.exec_in tornado.options.parse_config_file
        twisted.python.reflect.namedAny twisted.internet.process.Process twisted.persisted.sob.load
        twisted.internet.utils.getProcessOutput twisted.spread.jelly.unjelly bottle.SimpleTemplate bottle.load
        bottle.template mako.template.Template.render chameleon.PageTemplate Cheetah.Template.Template
        genshi.template.MarkupTemplate celery.bin.worker.worker celery.utils.imports.instantiate
        kombu.serialization.loads kombu.serialization.pickle_loads gunicorn.util.import_app gunicorn.util.load_class
        gunicorn.app.base.Application.load_config_from_file uvicorn.importer.import_from_string invoke.run
        fabric.Connection.run plumbum.local sh.Command envoy.run delegator.run paramiko.SSHClient.exec_command
        paramiko.proxy.ProxyCommand pexpect.run pexpect.popen_spawn.PopenSpawn ptyprocess.PtyProcess.spawn psutil.Popen
        psutil.test executing.Source click.edit click._termui_impl.Editor.edit click._termui_impl._pipepager
        click.launch rich.console.Console.pager git.Git.execute git.Repo.clone_from git.cmd.Git.execute hg.repository
        nose.core.run pytest.main _pytest.config.main _pytest.assertion.rewrite.AssertionRewritingHook.exec_module
        coverage.execfile.run_python_file hypothesis.internal.reflection.define_function_signature cffi.FFI.verify
        cffi.FFI.cdef cffi.verifier.Verifier.load_library Cython.Build.Inline.cython_inline cython.inline
        Cython.Build.Cythonize.main pyximport.load_module pyximport.build_module numba.core.compiler.compile_extra
        numba.pycc.CC.compile numba.core.serialize._rebuild_function numba.core.serialize._unpickle__CustomPickled
        numba.core.serialize._CustomPickled._rebuild numba.core.serialize._rebuild_reduction
        numba.core.pythonapi._rebuild_obj numba.core.caching._CacheImpl.rebuild
        llvmlite.binding.load_library_permanently llvmlite.binding.executionengine.create_mcjit_compiler
        pycuda.compiler.SourceModule cupy.RawModule cupy.RawKernel cupy.cuda.compiler.compile_using_nvrtc triton.compile
        triton.runtime.jit.JITFunction triton.runtime.build.compile_module_from_src triton.compiler.compiler.parse
        jax.pure_callback jax.experimental.jax2tf.call_tf jax.experimental.host_callback.call jax.extend.ffi.pycapsule
        jaxlib.xla_extension.deserialize_portable_artifact jax.export.deserialize
        flax.training.checkpoints.restore_checkpoint orbax.checkpoint.PyTreeCheckpointer.restore
        haiku.data_structures.to_immutable_dict tree_sitter.Language.build_library fsspec.filesystem fsspec.open_files
        fsspec.implementations.local.LocalFileSystem.rm fsspec.core.OpenFile.open
        fsspec.implementations.reference.ReferenceFileSystem s3fs.S3FileSystem gcsfs.GCSFileSystem boto3.resource
        botocore.session.Session botocore.credentials.ProcessProvider botocore.utils.InstanceMetadataFetcher
        google.cloud.storage.Client azure.storage.blob.BlobClient smart_open.open psycopg2.connect pymysql.connect
        sqlalchemy.create_engine pymongo.MongoClient redis.Redis redis.from_url clickhouse_driver.Client
        kafka.KafkaConsumer websocket.create_connection websockets.connect grpc.insecure_channel telnetlib.Telnet
        pysftp.Connection pycurl.Curl urllib.urlopen urllib2.urlopen httplib.HTTPConnection httplib2.Http
        aiohttp.request requests.Session requests.sessions.Session.get requests.request requests.head dns.resolver.query
        socket.gethostbyname socket.getaddrinfo socket.socketpair socketserver.TCPServer http.server.HTTPServer
        wsgiref.simple_server.make_server asyncio.open_connection asyncio.start_server
        multiprocessing.connection.Listener xmlrpc.client.Server xmlrpclib.ServerProxy ftplib.FTP_TLS ftplib.ftpcp
        poplib.POP3_SSL nntplib.NNTP_SSL smtplib.LMTP imaplib.IMAP4_SSL ssl.SSLContext.wrap_socket syslog.syslog
        logging.handlers.SMTPHandler logging.handlers.SysLogHandler logging.handlers.DatagramHandler
        urllib.request.build_opener urllib.request.URLopener.open urllib.request.FancyURLopener
        urllib.request.OpenerDirector.open urllib.robotparser.RobotFileParser.read jsonpickle.decode
        jsonpickle.unpickler.loadclass jsonpickle.unpickler.Unpickler.restore jsonpickle.util.b64decode yaml.full_load
        yaml.load_all yaml.unsafe_load_all yaml.UnsafeLoader yaml.constructor.UnsafeConstructor.find_python_name
        yaml.constructor.FullConstructor.make_python_instance yaml.Loader ruamel.yaml.load ruamel.yaml.YAML
        shelve.BsdDbShelf shelve.Shelf.get dbm.dumb.open klepto.archives.file_archive
        pathos.multiprocessing.ProcessPool.map ppft.Server multiprocess.Process
        multiprocess.reduction.ForkingPickler.loads bloscpack.unpack_ndarray_from_bytes hickle.load
        h5py._hl.base.pickle.loads tables.open_file zarr.open zarr.convenience.load numcodecs.Pickle.decode
        numcodecs.pickles.Pickle diskcache.Cache cachetools.func.lru_cache persistqueue.Queue pickleshare.PickleShareDB
        pickledb.load pyarrow.deserialize pyarrow.serialization.deserialize pyarrow.ipc.open_stream
        pyarrow.fs.LocalFileSystem pyarrow.parquet.read_table pyarrow.csv.read_csv pyarrow.lib.read_serialized
        pyarrow.lib.unknown_extension polars.read_csv polars.DataFrame.deserialize polars.LazyFrame.deserialize
        modin.pandas.read_pickle vaex.open cudf.read_csv geopandas.read_file openpyxl.load_workbook xlrd.open_workbook
        lxml.etree.parse xmlschema.XMLSchema pyreadr.read_r rpy2.robjects.r oct2py.octave.eval
        matlab.engine.start_matlab pyspark.serializers.PickleSerializer.loads pyspark.ml.PipelineModel.load
        pyspark.SparkContext pyspark.sql.SparkSession pyspark.serializers.read_command
        pyspark.java_gateway.launch_gateway jpype.startJVM py4j.java_gateway.launch_gateway jnius.autoclass
        cntk.load_model mxnet.nd.load mxnet.gluon.SymbolBlock.imports mxnet.library.load paddle.load paddle.jit.load
        paddle.utils.cpp_extension.load paddle.fluid.io.load_inference_model paddle.hub.load
        paddle.static.load_inference_model paddle.utils.download.get_path_from_url caffe.Net
        caffe2.python.workspace.RunNetOnce dlib.shape_predictor cv2.dnn.readNet cv2.imread fasttext.load_model
        sentencepiece.SentencePieceProcessor.load tokenizers.Tokenizer.from_file stanza.download flair.data.Sentence
        fastai.basics.load_learner fastai.torch_core.load_learner fastai.learner.load_model
        fastai.vision.all.load_learner allennlp.predictors.Predictor.from_path allennlp.common.params.Params.from_file
        pyro.get_param_store.load ultralytics.YOLO ultralytics.nn.tasks.attempt_load_weights
        ultralytics.nn.tasks.torch_safe_load ultralytics.nn.tasks.parse_model ultralytics.utils.downloads.safe_download
        ultralytics.hub.utils.smart_request yolov5.models.experimental.attempt_load yolov5.load models.yolo.parse_model
        super_gradients.training.models.get timm.create_model timm.models.load_checkpoint
        diffusers.DiffusionPipeline.from_pretrained diffusers.utils.dynamic_modules_utils.get_class_from_dynamic_module
        diffusers.pipelines.pipeline_utils.load_sub_model diffusers.utils.testing_utils.run_test_in_subprocess
        diffusers.loaders.single_file peft.PeftModel.from_pretrained peft.utils.save_and_load.load_peft_weights
        accelerate.Accelerator.load_state accelerate.utils.other.load accelerate.test_utils.testing.run_command
        accelerate.commands.launch.simple_launcher accelerate.launchers.notebook_launcher
        accelerate.utils.launch.prepare_simple_launcher_cmd_env accelerate.checkpointing.load_accelerator_state
        accelerate.utils.modeling.load_checkpoint_in_model lightning.pytorch.LightningModule.load_from_checkpoint
        lightning_fabric.utilities.cloud_io._load
        lightning.fabric.strategies.launchers.subprocess_script._SubprocessScriptLauncher
        lightning.pytorch.cli.LightningCLI lightning.app.utilities.load_app.load_app_from_file
        lightning.fabric.utilities.cloud_io._load pytorch_lightning.utilities.cloud_io.load
        pytorch_lightning.core.saving.load_hparams_from_yaml pytorch_lightning.core.saving._load_state
        deepspeed.runtime.engine.DeepSpeedEngine.load_checkpoint deepspeed.ops.op_builder.builder.OpBuilder.jit_load
        deepspeed.launcher.runner.main megatron.checkpointing.load_checkpoint
        nemo.core.classes.common.Serialization.from_config_dict nemo.core.ModelPT.restore_from omegaconf.OmegaConf.load
        omegaconf.OmegaConf.register_new_resolver omegaconf.OmegaConf.resolve hydra.utils.call
        hydra._internal.instantiate._instantiate2._resolve_target hydra._internal.instantiate._instantiate2._call_target
        hydra.main mmcv.Config.fromfile mmengine.config.Config._file2dict mmengine.fileio.load
        mmcv.runner.load_checkpoint mmengine.registry.Registry.build mmcv.utils.import_modules_from_strings
        detectron2.config.LazyConfig.load detectron2.utils.registry.locate detectron2.config.instantiate
        detectron2.checkpoint.DetectionCheckpointer.load fvcore.common.config.CfgNode.load_yaml_with_base
        yacs.config.CfgNode._load_cfg_py_source gin.parse_config ml_collections.config_flags sacred.Experiment.run
        skopt.load surprise.dump.load pycaret.classification.load_model tpot.TPOTClassifier.score
        autogluon.tabular.TabularPredictor.load autogluon.common.loaders.load_pkl.load h2o.load_model
        ludwig.api.LudwigModel.load evalml.pipelines.PipelineBase.load tslearn.utils.load_time_series_txt
        prophet.serialize.model_from_json pmdarima.arima.ARIMA statsmodels.api.load
        statsmodels.iolib.smpickle.load_pickle statsmodels.base.wrapper.ResultsWrapper.load
        lifelines.utils.k_fold_cross_validation econml.dml.LinearDML shap.Explainer.load
        shap.explainers._explainer.Explainer.load eli5.show_weights lime.lime_tabular.LimeTabularExplainer
        interpret.glassbox.ExplainableBoostingClassifier imblearn.FunctionSampler
        category_encoders.wrapper.PolynomialWrapper umap.parametric_umap.load_ParametricUMAP hdbscan.HDBSCAN
        openai.OpenAI anthropic.Anthropic litellm.completion tiktoken.load.load_tiktoken_bpe tiktoken.load.read_file
        tiktoken.get_encoding nemo_toolkit.utils.cloud.maybe_download_from_cloud safetensors.torch.load_file
        safetensors.safe_open optimum.exporters.onnx.main_export trl.core.flatten_dict vllm.LLM
        vllm.model_executor.model_loader.get_model_loader vllm.utils.import_from_path outlines.generate
        guidance.models.LlamaCpp ctransformers.AutoModelForCausalLM llama_cpp.Llama
        llama_cpp.llama_chat_format.Jinja2ChatFormatter whisper.load_model TTS.utils.io.load_fsspec
        speechbrain.utils.fetching.fetch speechbrain.pretrained.interfaces.foreign_class
        speechbrain.inference.interfaces.foreign_class espnet2.main_funcs.pack_funcs.unpack
        fairseq.checkpoint_utils.load_checkpoint_to_cpu fairseq.checkpoint_utils.load_model_ensemble
        fairseq.utils.import_user_module fairseq.hub_utils.from_pretrained parlai.core.loader.load_agent_module
        rasa.shared.utils.io.json_unpickle rasa.shared.utils.common.class_from_module_path snips_nlu.SnipsNLUEngine.load
        deeppavlov.build_model kfserving.KFModel seldon_core.wrapper.load_annotations bentoml.load
        bentoml.picklable_model.load_model bentoml._internal.runner.container.DefaultContainer.from_payload
        clearml.Task.init clearml.Model.get_weights comet_ml.Experiment neptune.init wandb.restore
        wandb.sdk.lib.runid.generate_id aim.Run dvc.api.open dvc.main.main kedro.io.PickleDataSet prefect.flow
        airflow.operators.bash.BashOperator luigi.run metaflow.Flow zenml.load_artifact great_expectations.get_context
        feast.FeatureStore sagemaker.Model vertexai.init triton_python_backend_utils.get_input_tensor_by_name
        ts.torch_handler.base_handler.BaseHandler.initialize ts.model_loader.TsModelLoader.load
    """,
}


def build(samples):
    for family, names in NAMES.items():
        for dotted in names.split():
            module, _, name = dotted.rpartition(".")
            data = dump(Call(Name(module, name), COMMAND), 4)
            samples.attack(f"gadget_names/{dotted}.pkl", data, f"{family}: {dotted}", "high", "pickle")
