"""Runtime for python3 functions: loads the handler, asks the Runtime API for events and answers them.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""
import http.client
import importlib
import json
import logging
import os
import sys
import threading
import time
import traceback


def main():
    log_handler = LogHandler()
    logging.getLogger().addHandler(log_handler)
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    opt = os.environ.pop("LAMBDACHECK_OPT", "/opt")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    sys.path[0:0] = [os.environ["LAMBDA_TASK_ROOT"], f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BaseException as error:  # SystemExit too: an exit during the import ends the initialisation
        if isinstance(error, SystemExit):
            raise
        report(api, "init/error", describe(error))
        sys.exit(1)
    while True:
        headers, body = call(api, "GET", "invocation/next")
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        log_handler.request_id = request_id
        try:
            result = marshal(handler(json.loads(body), Context(headers, request_id)))
        except Exception as error:
            report(api, f"invocation/{request_id}/error", {**describe(error), "requestId": request_id})
            continue
        sys.stdout.flush()
        call(api, "POST", f"invocation/{request_id}/response", result)


class RuntimeFailure(Exception):
    """An error of the runtime itself, with the type that the service gives it."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class LogHandler(logging.Handler):
    """Writes what is logged with level, time and request id."""

    request_id = ""

    def emit(self, record):
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = f"[{record.levelname}]\t{at}.{int(record.msecs):03d}Z\t{self.request_id}\t{self.format(record)}\n"
        sys.stdout.write(line)
        sys.stdout.flush()


def marshal(result):
    try:
        return json.dumps(result).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise RuntimeFailure("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def load_handler(text):
    module_name, dot, function_name = text.rpartition(".")
    if not dot or not module_name or not function_name:
        raise RuntimeFailure("Runtime.MalformedHandlerName", f"Bad handler '{text}': not enough values to unpack (expected 2, got 1)")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFailure("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise RuntimeFailure("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    handler = getattr(module, function_name, None)
    if not callable(handler):
        raise RuntimeFailure("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return handler


def describe(error):
    if isinstance(error, RuntimeFailure):
        return {"errorMessage": str(error), "errorType": error.kind, "requestId": "", "stackTrace": []}
    # The first frame is this runtime's own call of the handler.
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": traceback.format_list(frames)}


def report(api, path, error):
    kind = error["errorType"]
    print(f"[ERROR] {kind}: {error['errorMessage']}\nTraceback (most recent call last):\n{''.join(error['stackTrace'])}", flush=True)
    call(api, "POST", path, json.dumps(error).encode("utf-8"), {"Lambda-Runtime-Function-Error-Type": kind})


def call(api, method, path, body=None, headers=None):
    api.request(method, f"/2018-06-01/runtime/{path}", body, {"Content-Type": "application/json", **(headers or {})})
    response = api.getresponse()
    return response.headers, response.read()


class Members:
    """Attributes from a dictionary, None for what is not in it."""

    def __init__(self, values, names):
        for name in names:
            setattr(self, name, (values or {}).get(name))


class ClientContext:
    def __init__(self, values):
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = Members(values.get("client"), ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"])


class CognitoIdentity:
    def __init__(self, values):
        self.cognito_identity_id = values.get("cognitoIdentityId")
        self.cognito_identity_pool_id = values.get("cognitoIdentityPoolId")


class Context:
    def __init__(self, headers, request_id):
        self.aws_request_id = request_id
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        context = parsed_header(headers.get("Lambda-Runtime-Client-Context"))
        self.client_context = None if context is None else ClientContext(context)
        self.identity = CognitoIdentity(parsed_header(headers.get("Lambda-Runtime-Cognito-Identity")) or {})
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


def parsed_header(value):
    # Header values arrive byte by byte; they are UTF-8.
    return None if value is None else json.loads(value.encode("latin-1").decode("utf-8"))


def end_with_parent(parent):
    """The runtime must not outlive the endpoint, not even while a handler never returns."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
