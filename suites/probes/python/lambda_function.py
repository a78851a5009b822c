"""The probe for Python: does what its event tells it. The operations are those of ../README.md; index.js does the same."""
import base64
import errno
import http.client
import json
import os
import re
import sys
import time
import uuid

SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
MOST_FILES = 1000
MOST_FINDINGS = 20
MOST_BODY = 100000

# One execution environment: these live as long as it does.
INSTANCE = uuid.uuid4().hex
COUNTERS = {}
FINDINGS = []


def lambda_handler(event, context):
    programs = programs_of(event)
    if programs is None:
        return event
    results = []
    for program, record in programs:
        for operation in program:
            if not isinstance(operation, dict) or len(operation) != 1:
                raise named("ProbeError", "an operation is an object with one key")
            ((name, argument),) = operation.items()
            if name == "return":
                return argument
            if name == "reply":
                return "a" * max(0, argument["bytes"] - 2)
            if name == "record":
                results.append(check_record(argument, record))
            elif name in OPERATIONS:
                results.append(OPERATIONS[name](argument, context))
            else:
                raise named("ProbeError", "unknown operation " + name)
    return {"results": results}


def programs_of(event):
    """The event's own program, or those that the records of a queue or stream carry; None when there is none."""
    if not isinstance(event, dict):
        return None
    if isinstance(event.get("do"), list):
        return [(event["do"], None)]
    if not isinstance(event.get("Records"), list):
        return None
    programs = [(program_in(record), record) for record in event["Records"]]
    return [one for one in programs if one[0] is not None] or None


def program_in(record):
    if not isinstance(record, dict):
        return None
    try:
        kinesis = record.get("kinesis")
        carried = json.loads(base64.b64decode(kinesis["data"]) if isinstance(kinesis, dict) else record["body"])
    except (KeyError, TypeError, ValueError):
        return None
    program = carried.get("do") if isinstance(carried, dict) else None
    return program if isinstance(program, list) else None


def check_record(wanted, record):
    wrong = []
    for path, pattern in wanted.items():
        found = text_at(record, path.split("."))
        if not re.fullmatch(pattern, found, re.DOTALL):
            wrong.append(path + " is " + found)
    if not wrong:
        return True
    if len(FINDINGS) < MOST_FINDINGS:
        FINDINGS.append("; ".join(wrong))
    raise named("UnexpectedRecord", "; ".join(wrong))


def text_at(record, path):
    """Texts as they are, all else as JSON; null for what is not there."""
    value = record
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def throw(error, context):
    raise named(error["name"], error["message"])


def sleep(milliseconds, context):
    time.sleep(milliseconds / 1000)


def leave(code, context):
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def log(text, context):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def log_error(text, context):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def env(names, context):
    return {name: variable(name) for name in (sorted(os.environ) if names is True else names)}


def variable(name):
    value = os.environ.get(name)
    return "(set)" if value is not None and name in SECRETS else value


def describe(wanted, context):
    return {
        "functionName": text_of(context.function_name),
        "functionVersion": text_of(context.function_version),
        "invokedFunctionArn": text_of(context.invoked_function_arn),
        "memoryLimitInMB": text_of(context.memory_limit_in_mb),
        "awsRequestId": text_of(context.aws_request_id),
        "logGroupName": text_of(context.log_group_name),
        "logStreamName": text_of(context.log_stream_name),
        "remainingTimeInMillis": int(context.get_remaining_time_in_millis()),
        "clientContext": client_context(getattr(context, "client_context", None)),
        "identity": identity(getattr(context, "identity", None)),
    }


def client_context(given):
    if given is None:
        return None
    return {"custom": getattr(given, "custom", None), "env": getattr(given, "env", None)}


def identity(given):
    if given is None or not getattr(given, "cognito_identity_id", None):
        return None
    return {"cognitoIdentityId": given.cognito_identity_id, "cognitoIdentityPoolId": getattr(given, "cognito_identity_pool_id", None)}


def files(root, context):
    top = (os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()) if root is True else root
    found = []
    for folder, _, names in os.walk(top):
        for name in names:
            found.append(os.path.relpath(os.path.join(folder, name), top).replace(os.sep, "/"))
    return sorted(found, key=lambda path: path.encode("utf-16-be"))[:MOST_FILES]


def alloc(megabytes, context):
    return len(bytearray(b"\1") * (megabytes * 1048576)) // 1048576


def call_runtime_api(wanted, context):
    body = wanted.get("body")
    body = "" if body is None else body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    try:
        connection = http.client.HTTPConnection(os.environ.get("AWS_LAMBDA_RUNTIME_API", ""), timeout=5)
        connection.request(wanted.get("method") or "GET", wanted["path"], body.encode("utf-8"), wanted.get("headers") or {})
        response = connection.getresponse()
        content = response.read().decode("utf-8", "replace")[:MOST_BODY]
        headers = {name.lower(): value for name, value in response.getheaders()}
        connection.close()
        return {"status": response.status, "headers": headers, "body": content}
    except OSError as error:
        return {"error": code_of(error)}


def count(key, context):
    COUNTERS[key] = COUNTERS.get(key, 0) + 1
    return COUNTERS[key]


def write(target, context):
    path, text = (target["path"], target["text"]) if isinstance(target, dict) else (target, "lambdacheck")
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return True
    except OSError as error:
        return {"error": code_of(error)}


def read(path, context):
    try:
        with open(path, "r", encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        return None if error.errno == errno.ENOENT else {"error": code_of(error)}


def code_of(error):
    return errno.errorcode.get(error.errno, type(error).__name__) if error.errno is not None else type(error).__name__


def named(name, message):
    return type(str(name), (Exception,), {})(message)


def text_of(value):
    return None if value is None else str(value)


OPERATIONS = {
    "throw": throw,
    "sleep": sleep,
    "exit": leave,
    "log": log,
    "logError": log_error,
    "env": env,
    "context": describe,
    "files": files,
    "alloc": alloc,
    "runtimeApi": call_runtime_api,
    "count": count,
    "write": write,
    "read": read,
    "instance": lambda wanted, context: INSTANCE,
    "clock": lambda wanted, context: int(time.time() * 1000),
    "findings": lambda wanted, context: FINDINGS,
}
