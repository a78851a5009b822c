"""Serves invocations over the Runtime API with the probe for Python."""
import http.client
import json
import os
import sys
import time
import traceback

sys.path.insert(0, os.getcwd())
from lambda_function import lambda_handler  # noqa: E402

API = os.environ["AWS_LAMBDA_RUNTIME_API"]


class Part:
    """What is inside a context: members by attribute."""

    def __init__(self, members):
        self.__dict__.update(members)


class Context:
    def __init__(self, headers):
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.deadline = float(headers.get("lambda-runtime-deadline-ms") or 0)
        given = parsed(headers.get("lambda-runtime-client-context"))
        self.client_context = None if given is None else Part({"custom": given.get("custom"), "env": given.get("env")})
        who = parsed(headers.get("lambda-runtime-cognito-identity"))
        self.identity = None if who is None else Part({"cognito_identity_id": who.get("cognitoIdentityId"), "cognito_identity_pool_id": who.get("cognitoIdentityPoolId")})

    def get_remaining_time_in_millis(self):
        return self.deadline - time.time() * 1000


def parsed(text):
    try:
        value = json.loads(text) if text else None
        return value if isinstance(value, dict) else None
    except ValueError:
        return None


def call(method, path, headers=None, body=None):
    connection = http.client.HTTPConnection(API)
    connection.request(method, "/2018-06-01/runtime" + path, body, headers or {})
    response = connection.getresponse()
    content = response.read().decode("utf-8")
    found = {name.lower(): value for name, value in response.getheaders()}
    connection.close()
    return found, content


def answer(request_id, kind, headers, value):
    call("POST", "/invocation/%s/%s" % (request_id, kind), dict(headers, **{"content-type": "application/json"}), json.dumps(value).encode("utf-8"))


def serve():
    while True:
        headers, body = call("GET", "/invocation/next")
        request_id = headers["lambda-runtime-aws-request-id"]
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            result = lambda_handler(json.loads(body) if body else None, Context(headers))
        except Exception as error:  # whatever the program throws is its result
            name = type(error).__name__
            plain = "".join(char if 32 <= ord(char) < 127 else "?" for char in name)[:100]
            stack = traceback.format_exception(type(error), error, error.__traceback__)[-10:]
            answer(request_id, "error", {"lambda-runtime-function-error-type": plain}, {"errorType": name, "errorMessage": str(error), "stackTrace": stack})
            continue
        answer(request_id, "response", {}, result)


serve()
