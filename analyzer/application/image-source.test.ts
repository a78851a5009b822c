import { describe, expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: ./image, Dockerfile: Dockerfile}
    Properties: {PackageType: Image}
`
const CODE = 'def handler(event, context):\n    return event\n'

const tied = (dockerfile: string, template = TEMPLATE): string | undefined => {
  const [fn] = applicationOf({
    'template.yaml': template,
    'image/Dockerfile': dockerfile,
    'image/app/main.py': CODE,
    'image/other.py': CODE,
  }).functions
  return fn?.lookup.found === false ? fn.lookup.python?.file.path : undefined
}
const AWS = 'FROM public.ecr.aws/lambda/python:3.13'

describe('the handler of an image', () => {
  it.each([
    ['of a folder', `${AWS}\nCOPY app/* \${LAMBDA_TASK_ROOT}/\nCMD [ "main.handler" ]`, 'image/app/main.py'],
    ['of the context', `${AWS}\nCOPY . .\nCMD ["app.main.handler"]`, 'image/app/main.py'],
    ['of a file', `${AWS}\nCOPY other.py /var/task/other.py\nCMD ["other.handler"]`, 'image/other.py'],
    [
      'of the last stage',
      `FROM node AS a\nCMD ["x.y"]\n${AWS}\nCOPY app ./\nCMD ["main.handler"]`,
      'image/app/main.py',
    ],
    ['over lines', `# one\n${AWS}\nCOPY other.py \\\n  requirements.txt ./\nCMD ["other.handler"]`, 'image/other.py'],
    ['of another base', 'FROM debian\nCOPY app ./\nCMD ["main.handler"]', undefined],
    ['from another stage', `${AWS}\nCOPY --from=a app ./\nCMD ["main.handler"]`, undefined],
    ['somewhere else', `${AWS}\nCOPY app /opt/app\nCMD ["main.handler"]`, undefined],
    ['that is not there', `${AWS}\nCOPY app ./\nCMD ["none.handler"]`, undefined],
    ['in the form of a shell', `${AWS}\nCOPY app ./\nCMD main.handler`, undefined],
  ])('%s', (_how, dockerfile, file) => expect(tied(dockerfile)).toBe(file))

  it('is what the template says', () => {
    const template = TEMPLATE.replace('Image}', 'Image, ImageConfig: {Command: [other.handler]}}')
    expect(tied(`${AWS}\nCOPY . ./\nCMD ["main.handler"]`, template)).toBe('image/other.py')
    expect(tied(`${AWS}\nCOPY . ./\nCMD ["main.handler"]`, TEMPLATE.replace('Metadata', 'Remarks'))).toBeUndefined()
  })
})
