import { describe, expect, it } from 'vitest'
import { applicationOf } from '../../fixtures/project.ts'

const JS = 'exports.handler = async event => event\n'
const PY = 'def handler(event, context):\n    return event\n'

const fn = (settings: string, name = 'f', handler = 'index.handler', runtime = '"python3.13"'): string => `
resource "aws_lambda_function" "${name}" {
  function_name = "one"
  handler       = "${handler}"
  runtime       = ${runtime}
  ${settings}
}
`
const archive = (settings: string): string => `
data "archive_file" "z" {
  type        = "zip"
  output_path = "\${path.module}/z.zip"
  ${settings}
}
`
const ZIPPED = 'filename = data.archive_file.z.output_path'

/** The files of the handlers of all functions, in their order. */
const tied = (files: { readonly [path: string]: string }): readonly (string | undefined)[] =>
  applicationOf(files).functions.map(({ lookup }) =>
    lookup.found ? lookup.handler.file.path : lookup.python?.file.path,
  )

describe('the code of a function of Terraform', () => {
  it('is a file that the archive has under another name', () => {
    const source = 'source {\n    content  = file("${path.module}/src/layer.py")\n    filename = "index.py"\n  }'
    const other = archive('source_content = file("src/layer.py")\n  source_content_filename = "index.py"')
    const code = { 'src/layer.py': PY, 'src/index.py': PY }
    expect(tied({ 'main.tf': archive(source) + fn(ZIPPED), ...code })).toEqual(['src/layer.py'])
    expect(tied({ 'main.tf': other + fn(ZIPPED), ...code })).toEqual(['src/layer.py'])
    // Below the folder of the root module, whatever module reads it.
    expect(tied({ 'infra/main.tf': archive(source) + fn(ZIPPED), 'infra/src/layer.py': PY })).toEqual([
      'infra/src/layer.py',
    ])
  })

  it.each([
    ['by its key', 's3_bucket = "b"\n  s3_key = aws_s3_object.o.key'],
    ['by the text of its key', 's3_bucket = "b"\n  s3_key = "lambda/z.zip"'],
    ['by its id', 's3_bucket = "b"\n  s3_key = aws_s3_object.o.id'],
  ])('is that of the object of a bucket that it names, %s', (_how, settings) => {
    const object =
      'resource "aws_s3_object" "o" {\n  bucket = "b"\n  key = "lambda/z.zip"\n  source = "${path.module}/z.zip"\n}\n'
    const main = archive('source_dir = "src"') + object
    const code = { 'src/index.py': PY, 'other/index.py': PY }
    expect(tied({ 'main.tf': main + fn(settings), ...code })).toEqual(['src/index.py'])
  })

  it('is looked for where a build fills the folder', () => {
    const main = archive('source_dir = "${path.module}/package"') + fn(ZIPPED)
    expect(tied({ 'infra/main.tf': main, 'lambda/index.py': PY })).toEqual(['lambda/index.py'])
    expect(tied({ 'infra/main.tf': main, 'a/index.py': PY, 'b/index.py': PY })).toEqual([undefined])
    // A folder that has code is the one that is packaged.
    expect(tied({ 'infra/main.tf': main, 'lambda/index.py': PY, 'infra/package/x.py': PY })).toEqual([undefined])
  })

  it('is what is called like the zip, the function or its block', () => {
    const services = { 'services/resize/index.py': PY, 'services/mail/index.py': PY }
    expect(tied({ 'main.tf': fn('filename = "out/resize-lambda.zip"'), ...services })).toEqual([
      'services/resize/index.py',
    ])
    expect(tied({ 'main.tf': fn('filename = "out/z.zip"', 'mail'), ...services })).toEqual(['services/mail/index.py'])
  })

  it('is what is nearest to the template', () => {
    const main = fn('filename = "../z.zip"')
    const code = { 'a/src/index.py': PY, 'b/src/index.py': PY }
    expect(tied({ 'a/infra/main.tf': main, 'b/infra/main.tf': main, ...code })).toEqual([
      'a/src/index.py',
      'b/src/index.py',
    ])
  })

  it('needs a name that tells, where only a store is named', () => {
    const stored = 's3_bucket = "b"\n  s3_key = "builds/12.zip"'
    expect(tied({ 'main.tf': fn(stored), 'src/index.py': PY })).toEqual([undefined])
    expect(tied({ 'main.tf': fn(stored, 'f', 'mailer.handler'), 'src/mailer.py': PY })).toEqual(['src/mailer.py'])
    expect(tied({ 'main.tf': fn(stored, 'mail'), 'src/mail/index.py': PY })).toEqual(['src/mail/index.py'])
  })

  it('tells its language where the runtime is not known', () => {
    const main = `variable "runtime" {}\n${archive('source_dir = "src"')}${fn(ZIPPED, 'f', 'index.handler', 'var.runtime')}`
    expect(tied({ 'main.tf': main, 'src/index.py': PY })).toEqual(['src/index.py'])
    expect(tied({ 'main.tf': main, 'src/index.js': JS })).toEqual(['src/index.js'])
    expect(tied({ 'main.tf': main, 'src/index.js': JS, 'src/index.py': PY })).toEqual([undefined])
  })

  it('is a file that the module of the registry packages', () => {
    const main = (path: string): string =>
      `module "l" {\n  source = "terraform-aws-modules/lambda/aws"\n  handler = "index.handler"\n  runtime = "python3.13"\n  source_path = ${path}\n}\n`
    const code = { 'src/index.py': PY, 'other/index.py': PY }
    expect(tied({ 'main.tf': main('"src/index.py"'), ...code })).toEqual(['src/index.py'])
    expect(tied({ 'main.tf': main('["src/index.py", { pip_requirements = true }]'), ...code })).toEqual([
      'src/index.py',
    ])
  })
})

describe('the image of a function of Terraform', () => {
  const image = (uri: string): string => `
resource "aws_lambda_function" "f" {
  function_name = "one"
  package_type  = "Image"
  image_uri     = ${uri}
}
`
  const dockerfile = (language: string): string =>
    `FROM public.ecr.aws/lambda/${language}\nCOPY app.* \${LAMBDA_TASK_ROOT}/\nCMD ["app.handler"]\n`
  const built =
    'resource "docker_image" "i" {\n  name = "x"\n  build {\n    context = "${path.module}/../img"\n  }\n}\n'
  const module =
    'module "i" {\n  source = "terraform-aws-modules/lambda/aws//modules/docker-build"\n  source_path = "../img"\n}\n'
  const pushed = 'resource "docker_registry_image" "p" {\n  name = docker_image.i.name\n}\n'

  it.each([
    ['docker_image', built + image('docker_image.i.name')],
    ['docker_registry_image', built + pushed + image('"${docker_registry_image.p.name}@x"')],
    ['the module of the registry', module + image('module.i.image_uri')],
  ])('is what %s builds', (_what, main) => {
    const files = (language: string, name: string, code: string) => ({
      'infra/main.tf': main,
      'img/Dockerfile': dockerfile(language),
      [`img/${name}`]: code,
    })
    expect(tied(files('python:3.13', 'app.py', PY))).toEqual(['img/app.py'])
    expect(tied(files('nodejs:22', 'app.js', JS))).toEqual(['img/app.js'])
    expect(tied(files('go:1', 'app.py', PY))).toEqual([undefined])
  })

  it('is not known by its place in a registry alone', () => {
    const files = { 'infra/main.tf': built + image('"1.dkr.ecr.eu-west-1.amazonaws.com/x:1"'), 'img/app.py': PY }
    expect(tied({ ...files, 'img/Dockerfile': dockerfile('python:3.13') })).toEqual([undefined])
  })
})
