/** Whether all the Python of a handler can be read: only then may anybody say that something is never used. */
import type { PythonFile, PythonHandler } from '../application/python.ts'

/** Packages that ask nothing of AWS by themselves, or only what is seen through boto3. */
const PURE = new Set(
  `
__future__ abc argparse array ast asyncio base64 binascii bisect calendar collections concurrent contextlib contextvars copy csv dataclasses datetime decimal difflib email enum errno fnmatch fractions functools
gc glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json logging math mimetypes numbers operator os pathlib pickle platform pprint queue random re secrets shlex shutil signal
socket ssl statistics string struct sys tempfile textwrap threading time timeit traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo
boto3 botocore aws_lambda_powertools aws_xray_sdk aws_lambda_typing typing_extensions attr attrs bcrypt bs4 cachetools certifi chardet click cryptography dateutil fastapi flask httpx idna jinja2 jmespath jose
jsonschema jwt lxml mangum markdown marshmallow mypy_boto3 numpy orjson pandas PIL psycopg2 pydantic pymongo pymysql pytz redis requests simplejson six slack_sdk sqlalchemy stripe structlog tabulate tenacity
toml twilio ujson urllib3 validators yaml
`
    .trim()
    .split(/\s+/),
)

/** Whether all code that a handler runs can be seen: nothing is imported, or executed, that is not known. */
export const isPythonVisible = (handler: PythonHandler): boolean =>
  handler.node !== undefined && handler.files.every(file => isReadable(file, handler))

function isReadable(file: PythonFile, handler: PythonHandler): boolean {
  if (file.fault || /\b(exec|eval|__import__|import_module|subprocess)\b/.test(file.source.text)) return false
  return file.imports.every(one => {
    const root = one.module.replace(/^\.+/, '').split('.')[0] ?? ''
    if (one.module.startsWith('.') || PURE.has(root) || root.startsWith('mypy_boto3')) return true
    // A module of the project, beside the file or below the folder that is packaged.
    return handler.files.some(other => new RegExp(`(^|/)${root}(/|\\.py$)`).test(other.path))
  })
}
