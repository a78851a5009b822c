"""LocalStack whose functions are created without Docker: what would fetch a container image does nothing, and no function runs."""
import _thread
import sys
import threading

if sys.version_info < (3, 13):
    # Until then a function makes locks, which LocalStack's annotations may not name.
    class Lock:
        def __new__(cls):
            return _thread.allocate_lock()

    threading.Lock = Lock

from localstack.runtime.main import main
from localstack.services.lambda_.invocation.docker_runtime_executor import DockerRuntimeExecutor

DockerRuntimeExecutor.prepare_version = classmethod(lambda cls, function_version: None)
main()
