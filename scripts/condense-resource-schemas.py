"""Writes analyzer/data/resource-schemas.json: which properties the resource types have that have to do with functions.

    python3 scripts/condense-resource-schemas.py CFN_LINT_PACKAGES [SAM_PACKAGES]

Both arguments are folders of Python packages: one with cfn-lint (MIT-0), which carries CloudFormation's published resource schemas, one with
aws-sam-translator (Apache-2.0) and pydantic, whose models say what SAM takes. Names, kinds, values and what is required are kept; texts are not.
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, '..', 'analyzer', 'data', 'resource-schemas.json')

WANTED = re.compile(
    r'^AWS::(Lambda|SQS|SNS|Kinesis|Scheduler|StepFunctions|Pipes)::'
    r'|^AWS::IAM::(Role|Policy|ManagedPolicy|RolePolicy|User|Group)$'
    r'|^AWS::DynamoDB::(Table|GlobalTable)$'
    r'|^AWS::Events::(Rule|EventBus|EventBusPolicy|Archive|Connection|ApiDestination)$'
    r'|^AWS::ApiGateway::(RestApi|Resource|Method|Deployment|Stage|Authorizer|UsagePlan|ApiKey|Model|RequestValidator|GatewayResponse|DomainName|BasePathMapping)$'
    r'|^AWS::ApiGatewayV2::(Api|Route|Integration|Stage|Authorizer|Deployment|DomainName|ApiMapping|RouteResponse|IntegrationResponse)$'
    r'|^AWS::Logs::(LogGroup|SubscriptionFilter|MetricFilter|LogStream)$'
    r'|^AWS::S3::(Bucket|BucketPolicy)$'
    r'|^AWS::CloudWatch::Alarm$'
    r'|^AWS::KMS::(Key|Alias)$'
    r'|^AWS::SecretsManager::(Secret|RotationSchedule|ResourcePolicy)$'
    r'|^AWS::CodeDeploy::(Application|DeploymentGroup)$'
)


def plain_type(types):
    order = ['object', 'array', 'string', 'boolean', 'integer', 'number']
    found = [one for one in order if one in types]
    if len(found) == 1:
        return found[0]
    if found and set(found) <= {'integer', 'number'}:
        return 'number'
    return None


def form_of(pattern):
    """As ECMAScript reads it. The services match a form as a whole, so that `(a)|()` is a or nothing."""
    pattern = pattern.replace('\\Z', '$')
    return '^(?:' + pattern.strip('^$') + ')$' if '|()' in pattern else pattern


def between(least, most):
    return {} if least is None and most is None else {'x': [least, most]}


class Condenser:
    """One resource type: definitions are named once, and short."""

    def __init__(self, definitions):
        self.source = definitions
        self.definitions = {}

    def node(self, schema, depth=0):
        if not isinstance(schema, dict) or depth > 30:
            return '*'
        ref = schema.get('$ref')
        if ref:
            name = ref.split('/')[-1]
            return self.reference(name, depth)
        for many in ('anyOf', 'oneOf', 'allOf'):
            if many in schema and 'properties' not in schema:
                options = [one for one in schema[many] if one.get('type') != 'null']
                if len(options) == 1:
                    return self.node(options[0], depth + 1)
                return '*'
        if 'const' in schema:
            return {'e': [schema['const']]}
        if 'enum' in schema and all(isinstance(one, (str, int)) for one in schema['enum']):
            return {'e': [str(one) for one in schema['enum']]}
        types = schema.get('type')
        kind = plain_type(types if isinstance(types, list) else [types])
        if kind == 'array':
            bounds = between(schema.get('minItems'), schema.get('maxItems'))
            unique = {'u': 1} if schema.get('uniqueItems') else {}
            return {'l': self.node(schema.get('items', {}), depth + 1)} | bounds | unique
        if kind == 'object' or 'properties' in schema:
            if 'properties' not in schema:
                return 'j'
            return self.shape(schema, depth)
        letter = {'string': 's', 'boolean': 'b', 'integer': 'i', 'number': 'n'}.get(kind)
        more = self.bounds(letter, schema)
        return {'t': letter} | more if more else letter or '*'

    def bounds(self, letter, schema):
        """How long or large a value may be, and which form it has."""
        if letter in ('i', 'n'):
            return between(schema.get('minimum'), schema.get('maximum'))
        if letter != 's':
            return {}
        # Names of buckets have three characters; invented ones of examples often fewer.
        least = None if schema.get('format') == 'AWS::S3::Bucket.Name' else schema.get('minLength') or None
        most = schema.get('maxLength')
        pattern = schema.get('pattern')
        form = {} if not pattern or pattern in ('.*', '[\\s\\S]*') else {'m': form_of(pattern)}
        return between(least, most if most is None or most < 10000 else None) | form

    def reference(self, name, depth):
        target = self.source.get(name)
        if target is None:
            return '*'
        # What says only of some of its places what they hold is a list all the same.
        if 'properties' not in target or target.get('type') == 'array':
            return self.node(target, depth + 1)
        key = name.split('__')[-1]
        if key not in self.definitions:
            self.definitions[key] = None
            self.definitions[key] = self.shape(target, depth + 1)
        return {'d': key}

    def shape(self, schema, depth):
        shape = {'p': {name: self.node(child, depth + 1) for name, child in sorted(schema['properties'].items())}}
        required = [name for name in schema.get('required', []) if name in shape['p']]
        if required:
            shape['r'] = sorted(required)
        if schema.get('additionalProperties', True) is not False:
            shape['o'] = 1
        return shape


def from_cloudformation(packages):
    schemas = os.path.join(packages, 'cfnlint', 'data', 'schemas')
    with open(os.path.join(schemas, 'providers', 'us-east-1.json')) as file:
        index = json.load(file)
    found = {}
    for name, digest in sorted(index.items()):
        if not WANTED.match(name):
            continue
        with open(os.path.join(schemas, 'resources', digest + '.json')) as file:
            schema = json.load(file)
        condenser = Condenser(schema.get('definitions', {}))
        read_only = {path.split('/')[2] for path in schema.get('readOnlyProperties', []) if path.count('/') == 2}
        shape = condenser.shape(schema, 0)
        shape['p'] = {key: value for key, value in shape['p'].items() if key not in read_only}
        attributes = sorted(path.split('/properties/', 1)[-1].replace('/', '.') for path in schema.get('readOnlyProperties', []))
        found[name] = shape | ({'d': condenser.definitions} if condenser.definitions else {}) | ({'a': attributes} if attributes else {})
    return found


# SAM hands these on as they are.
HANDED_ON = {
    'AWS::Serverless::Function': 'AWS::Lambda::Function',
    'AWS::Serverless::LayerVersion': 'AWS::Lambda::LayerVersion',
    'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
    'SQS': 'AWS::Lambda::EventSourceMapping',
    'Kinesis': 'AWS::Lambda::EventSourceMapping',
    'DynamoDB': 'AWS::Lambda::EventSourceMapping',
    'MSK': 'AWS::Lambda::EventSourceMapping',
    'MQ': 'AWS::Lambda::EventSourceMapping',
    'SelfManagedKafka': 'AWS::Lambda::EventSourceMapping',
    'DocumentDB': 'AWS::Lambda::EventSourceMapping',
    'Schedule': 'AWS::Events::Rule',
    'ScheduleV2': 'AWS::Scheduler::Schedule',
}


def hand_on(name, shape, types):
    source = types.get(HANDED_ON.get(name.split(' ')[-1], ''))
    if not source:
        return shape
    definitions = dict(shape.get('d', {}))

    def copy(node):
        if isinstance(node, dict) and 'd' in node and len(node) == 1:
            key = node['d']
            if key not in definitions:
                definitions[key] = None
                definitions[key] = copy(source['d'][key])
        elif isinstance(node, dict) and 'p' in node:
            for child in node['p'].values():
                copy(child)
        elif isinstance(node, dict) and 'l' in node:
            copy(node['l'])
        return node

    for key, node in shape['p'].items():
        if node == '*' and key in source['p'] and key not in ('Role', 'Tags', 'Code', 'Definition', 'DestinationConfig', 'RoleArn'):
            shape['p'][key] = copy(source['p'][key])
    return shape | ({'d': definitions} if definitions else {})


def from_sam(packages, types):
    sys.path.insert(0, packages)
    from importlib import import_module

    found = {}
    for module, name in [
        ('function', 'Function'), ('api', 'Api'), ('httpapi', 'HttpApi'), ('layerversion', 'LayerVersion'),
        ('simpletable', 'SimpleTable'), ('statemachine', 'StateMachine'), ('application', 'Application'),
        ('connector', 'Connector'), ('graphqlapi', 'GraphQLApi'), ('capacity_provider', 'CapacityProvider'),
        ('websocketapi', 'WebSocketApi'),
    ]:
        try:
            models = import_module('samtranslator.internal.schema_source.aws_serverless_' + module)
        except ModuleNotFoundError:
            continue
        model = getattr(models, 'Properties', None)
        if model is None:
            continue
        schema = model.schema() if hasattr(model, 'schema') else model.model_json_schema()
        condenser = Condenser(schema.get('definitions') or schema.get('$defs') or {})
        shape = condenser.shape(schema, 0)
        found['AWS::Serverless::' + name] = hand_on(
            'AWS::Serverless::' + name, shape | ({'d': condenser.definitions} if condenser.definitions else {}), types
        )
        if module not in ('function', 'statemachine'):
            continue
        # The events of a function, as types of their own.
        for event in vars(models).values():
            fields = getattr(event, '__fields__', {}) if isinstance(event, type) else {}
            if not {'Type', 'Properties'} <= set(fields) or event.__name__ == 'Resource':
                continue
            schema = event.schema() if hasattr(event, 'schema') else event.model_json_schema()
            kind = schema['properties']['Type']
            kind = kind.get('const') or (kind.get('enum') or [None])[0]
            condenser = Condenser(schema.get('definitions') or schema.get('$defs') or {})
            properties = condenser.node(schema['properties']['Properties'])
            if not kind or not isinstance(properties, dict) or 'd' not in properties:
                continue
            shape = condenser.definitions.pop(properties['d'])
            if 'Properties' in schema.get('required', []):
                shape['n'] = 1
            label = f'AWS::Serverless::{name} {kind}'
            found[label] = hand_on(label, shape | ({'d': condenser.definitions} if condenser.definitions else {}), types)
    return found


def globals_of(packages):
    """What SAM takes below Globals, section by section, as a type of its own."""
    sys.path.insert(0, packages)
    from samtranslator.plugins.globals.globals import Globals

    sections = {
        name.removeprefix('AWS::Serverless::'): {'p': dict.fromkeys(sorted(properties), '*')}
        for name, properties in sorted(Globals.supported_properties.items())
    }
    return {'AWS::Serverless Globals': {'p': sections}}


if __name__ == '__main__':
    types = from_cloudformation(sys.argv[1])
    if len(sys.argv) > 2:
        types |= from_sam(sys.argv[2], types) | globals_of(sys.argv[2])
    else:
        with open(TARGET) as file:
            types |= {name: shape for name, shape in json.load(file).items() if name.startswith('AWS::Serverless')}
    lines = [f'  {json.dumps(name)}: {json.dumps(types[name], separators=(",", ":"))}' for name in sorted(types)]
    with open(TARGET, 'w') as file:
        file.write('{\n' + ',\n'.join(lines) + '\n}\n')
