#!/usr/bin/env bash
# Terraform with its AWS provider against the embedded endpoint: apply, empty plan, change, empty plan, destroy.
# No registry of providers is needed: release 1.60.0 of the provider, the last that Go's module proxy has, is built with the
# plugin protocol of Terraform 0.12, which Terraform of today still speaks. That takes about 15 minutes once.
# Usage: scripts/terraform/run.sh [FOLDER], after `npm run build`; FOLDER keeps the built provider. Needs go, terraform and the .venv of endpoints/.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"; root="$(cd "$here/../.." && pwd)"
folder="${1:-$(mktemp -d)}"; mkdir -p "$folder/run"
plugins="$folder/plugins/registry.terraform.io/hashicorp/aws/2.0.0/$(go env GOOS)_$(go env GOARCH)"

if [ ! -x "$plugins/terraform-provider-aws_v2.0.0" ]; then
  module="github.com/hashicorp/terraform-provider-aws@v1.60.0"
  (cd "$(mktemp -d)" && go mod init fetch 2>/dev/null && go mod download "$module")
  cp -r "$(go env GOMODCACHE)/$module" "$folder/provider" && chmod -R u+w "$folder/provider"
  cd "$folder/provider" && rm -rf vendor website examples
  export GOFLAGS=-mod=mod
  go mod edit -go=1.16
  go get github.com/hashicorp/terraform@v0.12.29 golang.org/x/sys@latest golang.org/x/net@latest
  # The runtimes of then, and parts of other services that the newer SDK spells otherwise.
  sed -i 's/lambda.RuntimeNodejs810,/lambda.RuntimeNodejs810, "nodejs20.x",/' aws/resource_aws_lambda_function.go
  sed -i 's/datasync.PosixPermissionsBestEffort/"BEST_EFFORT"/' aws/resource_aws_datasync_task.go
  sed -i 's/glue.UpdateCrawlerInput(\*crawlerInput)/glue.UpdateCrawlerInput{Name: crawlerInput.Name}/' aws/resource_aws_glue_crawler.go
  sed -i -e 's/spec.ServiceNames = expandStringSet(vServiceNames)/_ = vServiceNames/' -e '/flattenStringSet(spec.ServiceNames)/d' \
    -e 's/spec.Backends = expandStringSet(vBackends)/_ = vBackends/' -e '/flattenStringSet(spec.Backends)/d' \
    -e 's/ServiceName: aws.String(vServiceName)/Hostname: aws.String(vServiceName)/' \
    -e 's/ServiceDiscovery.Dns.ServiceName/ServiceDiscovery.Dns.Hostname/' aws/structure.go
  mkdir -p "$plugins" && go build -ldflags '-s -w' -o "$plugins/terraform-provider-aws_v2.0.0" .
fi

node "$root/bin/lambdacheck.js" serve --port 0 > "$folder/serve.log" 2>&1 & server=$!
trap 'kill $server' EXIT
until url="$(grep -oE 'http://[0-9.:]+' "$folder/serve.log")"; do kill -0 $server || { cat "$folder/serve.log"; exit 1; }; sleep 0.2; done
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=eu-west-1
aws() { "$root/.venv/bin/aws" --endpoint-url "$url" --output text "$@"; }
aws sqs create-queue --queue-name terraform-queue > /dev/null

cd "$folder/run" && rm -rf .terraform* terraform.tfstate* && cp "$here/main.tf" .
echo 'exports.handler = async event => ({ got: event })' > index.js
python3 -c "import zipfile; archive = zipfile.ZipFile('code.zip', 'w'); archive.write('index.js'); archive.close()"
printf 'provider_installation {\n  filesystem_mirror { path = "%s/plugins" }\n}\n' "$folder" > "$folder/terraform.rc"
export TF_CLI_CONFIG_FILE="$folder/terraform.rc" TF_VAR_url="$url"
terraform init -no-color > /dev/null
step() { echo "== $*"; "$@" -no-color | tail -2; }
step terraform apply -auto-approve
step terraform plan -detailed-exitcode
step terraform apply -auto-approve -var memory=256
step terraform plan -detailed-exitcode -var memory=256
[ "$(aws lambda get-function-configuration --function-name terraform-orders --query MemorySize)" = 256 ]
step terraform destroy -auto-approve
left="$(aws lambda list-functions; aws lambda list-layers; aws lambda list-event-source-mappings)"
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "Terraform $(terraform version | head -1 | cut -d' ' -f2): nothing left, each plan after an apply empty"
