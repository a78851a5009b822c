import { expect, test } from 'vitest'
import { ts } from '../application/typescript.ts'
import { collect } from '../application/walk.ts'
import { applicationOf } from '../fixtures/project.ts'
import { promiseOf } from './promises.ts'

/** What is known of the last call that is a statement of its own. */
function answer(text: string): string {
  const app = applicationOf({ 'app.mjs': `${text}\nexport const handler = async (event, context) => 1` })
  const [file] = app.code
  const call = collect(file!.ast, ts.isExpressionStatement)
    .map(one => one.expression)
    .filter(ts.isCallExpression)
    .at(-1)!
  const found = promiseOf(call, file!)
  return typeof found === 'string' ? found : 'unknown'
}

test.each([
  'fetch("x")',
  'import { writeFile } from "fs/promises"\nwriteFile("a", "b")',
  'import fs from "node:fs"\nfs.promises.writeFile("a", "b")',
  'import { setTimeout as wait } from "timers/promises"\nwait(3)',
  'import { pipeline } from "node:stream/promises"\npipeline(a, b)',
  'import { promisify } from "util"\nimport { exec } from "child_process"\nconst run = promisify(exec)\nrun("x")',
  'import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3"\nconst s3 = new S3Client({})\ns3.send(new PutObjectCommand({}))',
  'import { S3 } from "@aws-sdk/client-s3"\nconst s3 = new S3({})\ns3.putObject({})',
  'import { DynamoDBClient } from "@aws-sdk/client-dynamodb"\nimport { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb"\nconst db = DynamoDBDocumentClient.from(new DynamoDBClient({}))\ndb.send(new PutCommand({}))',
  'import { waitUntilTableExists } from "@aws-sdk/client-dynamodb"\nwaitUntilTableExists({}, {})',
  'import { Upload } from "@aws-sdk/lib-storage"\nnew Upload({}).done()',
  'import AWS from "aws-sdk"\nconst s3 = new AWS.S3()\ns3.putObject({}).promise()',
  'import axios from "axios"\naxios.post("x")',
  'import axios from "axios"\naxios({ url: "x" })',
  'import axios from "axios"\nconst api = axios.create({})\napi.get("x")',
  'import got from "got"\ngot.post("x")',
  'import { request } from "undici"\nrequest("x")',
  'import ky from "ky"\nky.get("x")',
  'import Redis from "ioredis"\nconst redis = new Redis()\nredis.set("a", 1)',
  'import { Redis } from "ioredis"\nclass Cache { client = new Redis()\n put(k) { return this.client.set(k, 1) } }\nconst cache = new Cache()\ncache.put("a")',
  'import pg from "pg"\nconst pool = new pg.Pool()\npool.query("x")',
  'import { Pool } from "pg"\nconst pool = new Pool()\npool.query("x")',
  'import mysql from "mysql2/promise"\nconst pool = mysql.createPool({})\npool.execute("x")',
  'import { MongoClient } from "mongodb"\nconst client = new MongoClient("x")\nclient.db("a").collection("b").insertOne({})',
  'import { MongoClient } from "mongodb"\nconst client = new MongoClient("x")\nconst users = client.db("a").collection("b")\nusers.insertOne({})',
  'import knex from "knex"\nconst db = knex({})\ndb("t").where({}).update({})',
  'import mongoose from "mongoose"\nconst User = mongoose.model("User", schema)\nUser.create({})',
  'const save = async () => 1\nsave()',
  'const save = () => fetch("x")\nsave()',
  'function save() { return fetch("x").then(r => r.json()) }\nsave()',
  'class Store { async save() {} }\nnew Store().save()',
  'const all = () => Promise.all([])\nall()',
  'const go = () => new Promise(resolve => resolve(1))\ngo()',
  'const save = () => { const p = fetch("x"); return p }\nsave()',
  'fetch("x").catch(console.error)',
  'something().then(() => 1)',
])('%s is a promise', text => expect(answer(text)).toBe('promise'))

test.each([
  'console.log("x")',
  'setTimeout(() => {}, 3)',
  'const save = () => 1\nsave()',
  'function* all() { yield 1 }\nall()',
  'import fs from "fs"\nfs.writeFile("a", "b", () => {})',
  'import { S3 } from "@aws-sdk/client-s3"\nconst s3 = new S3({})\ns3.destroy()',
  'import { S3 } from "@aws-sdk/client-s3"\nconst s3 = new S3({})\ns3.putObject({}, () => {})',
  'import pg from "pg"\nconst pool = new pg.Pool()\npool.on("error", () => {})',
  'import Redis from "ioredis"\nconst redis = new Redis()\nredis.on("x", () => {})',
  '[1].forEach(one => one)',
  'JSON.parse("1")',
])('%s is none', text => expect(answer(text)).not.toBe('promise'))

test.each([
  'import { track } from "some-package"\ntrack("x")',
  'import Some from "some-package"\nconst it = new Some()\nit.track("x")',
])('nobody knows of %s', text => expect(answer(text)).toBe('unknown'))
