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

from journal import journal, tell

SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
MOST_FILES = 1000
MOST_FINDINGS = 20
MOST_BODY = 100000

# One execution environment: these live as long as it does.
INSTANCE = uuid.uuid4().hex
COUNTERS = {}
FINDINGS = []


def lambda_handler(event, context):
    is_batch = isinstance(event, dict) and isinstance(event.get("Records"), list)
    if is_batch:
        journal(event, context)
    programs = programs_of(event)
    if programs is None:
        return None if is_batch and os.environ.get("LAMBDACHECK_JOURNAL") else event  # A batch may be larger than an answer.
    state = event.get("state")
    batch = {"results": [], "failures": [], "state": dict(state) if isinstance(state, dict) else {}}
    for program, record, identifier in programs:
        ended = run(program, context, record, identifier, batch)
        if ended is not None:
            return ended["with"]
    if is_batch and isinstance(event.get("window"), dict):
        batch["state"]["count"] = batch["state"].get("count", 0) + len(event["Records"])
        return {"state": batch["state"], "batchItemFailures": batch["failures"]}
    return {"batchItemFailures": batch["failures"]} if batch["failures"] else {"results": batch["results"]}


def run(program, context, record, identifier, batch):
    """What ends the call, as {"with": value}, or None."""
    for operation in program:
        if not isinstance(operation, dict) or len(operation) != 1:
            raise named("ProbeError", "an operation is an object with one key")
        ((name, argument),) = operation.items()
        if name == "return":
            return {"with": argument}
        if name == "reply":
            return {"with": "a" * max(0, argument["bytes"] - 2)}
        if name == "first":
            if is_first(argument, record, identifier, context):
                ended = run(argument["do"], context, record, identifier, batch)
                if ended is not None:
                    return ended
        elif name == "record":
            batch["results"].append(check_record(argument, record))
        elif name == "failItem":
            batch["failures"].append({"itemIdentifier": identifier})
            batch["results"].append(identifier)
        elif name == "state":
            batch["state"].update(argument)
            batch["results"].append(None)
        elif name in OPERATIONS:
            batch["results"].append(OPERATIONS[name](argument, context))
        else:
            raise named("ProbeError", "unknown operation " + name)
    return None


def is_first(wanted, record, identifier, context):
    """Environments come and go: the queue itself counts, and records of streams have an age."""
    if not isinstance(record, dict):
        return count("first " + str(identifier), context) <= wanted["times"]
    kinesis, changed = record.get("kinesis"), record.get("dynamodb")
    if isinstance(kinesis, dict):
        return time.time() - kinesis["approximateArrivalTimestamp"] < wanted["seconds"]
    if isinstance(changed, dict):
        return time.time() - changed["ApproximateCreationDateTime"] < wanted["seconds"]
    return int(record["attributes"]["ApproximateReceiveCount"]) <= wanted["times"]


def programs_of(event):
    """The event's own program, or those that the records of a queue or stream carry; None when there is none."""
    if not isinstance(event, dict):
        return None
    if isinstance(event.get("do"), list):
        return [(event["do"], None, None)]
    if not isinstance(event.get("Records"), list):
        return None
    programs = [(program_in(record), record, identifier_of(record)) for record in event["Records"]]
    programs = [one for one in programs if one[0] is not None]
    window, state = event.get("window"), event.get("state")
    if not isinstance(window, dict):
        return programs or None
    last = state.get("finally") if event.get("isFinalInvokeForWindow") and isinstance(state, dict) else None
    if isinstance(last, list):
        programs.append((last, None, window.get("start")))
    return programs


def identifier_of(record):
    """What `batchItemFailures` calls a record."""
    if not isinstance(record, dict):
        return None
    if isinstance(record.get("kinesis"), dict):
        return record["kinesis"].get("sequenceNumber")
    if isinstance(record.get("dynamodb"), dict):
        return record["dynamodb"].get("SequenceNumber")
    return record.get("messageId")


def program_in(record):
    if not isinstance(record, dict):
        return None
    try:
        carried = json.loads(text_in(record))
    except (KeyError, TypeError, ValueError):
        return None
    program = carried.get("do") if isinstance(carried, dict) else None
    return program if isinstance(program, list) else None


def text_in(record):
    if isinstance(record.get("kinesis"), dict):
        return base64.b64decode(record["kinesis"]["data"])
    changed = record.get("dynamodb")
    if not isinstance(changed, dict):
        return record["body"]
    item = changed.get("NewImage") or changed.get("OldImage") or changed["Keys"]
    return item["program"]["S"]


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


def tell_queue(wanted, context):
    return tell({"queueUrl": wanted["queueUrl"], "endpoint": wanted.get("endpoint"), "body": wanted["text"]})


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
    "tell": tell_queue,
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
