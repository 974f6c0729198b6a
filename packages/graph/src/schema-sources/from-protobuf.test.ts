import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fieldsOfProtobuf } from './from-protobuf.ts'

const ORDER = `
  syntax = "proto3"; // the third
  package shop.v1;
  import "google/protobuf/timestamp.proto";
  option java_package = "org.example";
  /* An order. */
  message Order {
    option (my.option) = { a: 1; b: [1, 2] };
    reserved 2, 15, 9 to 11;
    reserved "foo";
    string id = 1;
    optional int32 qty = 3 [deprecated = true, json_name = "quantity"];
    repeated Item items = 4;
    map<string, double> prices = 5;
    google.protobuf.Timestamp placed = 6;
    State state = 7;
    .shop.v1.Address address = 8;
    oneof payment { string card = 12; bool cash = 13; }
    google.protobuf.StringValue note = 14;
    Missing missing = 16;
    Order parent = 17;
    google.protobuf.Any any = 18;
    message Item { required string sku = 1; Unit unit = 2; enum Unit { PIECE = 0; KG = 1; } }
    enum State { option allow_alias = true; OPEN = 0; PAID = 1 [(x) = 2]; }
  }
  message Address { string city = 1; bytes raw = 2; }
  service Orders { rpc Get (Order) returns (stream Order) { option idempotent = true; } }
`

function typesOf(text: string) {
  return fieldsOfProtobuf(text).fields.map(({ name, type }) => [name, formatType(type)])
}

function typeOf(type: string) {
  return fieldsOfProtobuf(`message M { ${type} v = 1; }`).fields.map((field) => [
    formatType(field.type),
    ...field.remarks,
  ])[0]
}

describe('the fields of a Protobuf message', () => {
  it('are those of the first one, with what is nested and well known', () => {
    expect(typesOf(ORDER)).toEqual([
      ['id', 'string'],
      ['qty', 'int64'],
      ['items', 'array<struct<sku string not null, unit string> not null>'],
      ['prices', 'map<string, double not null>'],
      ['placed', 'timestamp'],
      ['state', 'string'],
      ['address', 'struct<city string, raw bytes>'],
      ['card', 'string'],
      ['cash', 'boolean'],
      ['note', 'string'],
    ])
    const { fields, issues } = fieldsOfProtobuf(ORDER)
    expect(fields.find(({ name }) => name === 'state')?.values).toEqual(['OPEN', 'PAID'])
    expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'missing: There is no type "Missing": it is left out.',
      'parent: "shop.v1.Order" is within itself: it is left out.',
      'any: There is no type "google.protobuf.Any": it is left out.',
    ])
  })

  it('tell what JSON makes of them', () => {
    expect(typeOf('sint32')).toEqual(['int64'])
    expect(typeOf('int64')).toEqual(['int64', 'JSON made of Protobuf has it in quotes.'])
    expect(typeOf('required fixed64')).toEqual([
      'int64 not null',
      'The upper half of its range is beyond int64.',
      'JSON made of Protobuf has it in quotes.',
    ])
    expect(fieldsOfProtobuf('message M { string user_id = 1; }').issues).toEqual([
      {
        path: [],
        message:
          'JSON made of Protobuf often has userId for user_id; the names here are those of the schema.',
      },
    ])
  })

  it('look up names outwards', () => {
    const text =
      'package p; message A { B x = 1; message B { C y = 1; } } message B { int32 no = 1; } message C { bool z = 1; }'
    expect(typesOf(text)).toEqual([['x', 'struct<y struct<z boolean>>']])
  })

  it('may have the names of keywords', () => {
    expect(
      typesOf('message M { string message = 1; repeated string option = 2; int32 optional = 3; }'),
    ).toEqual([
      ['message', 'string'],
      ['option', 'array<string not null>'],
      ['optional', 'int64'],
    ])
  })

  it('leave out groups and keys that no map may have', () => {
    const { fields, issues } = fieldsOfProtobuf(
      'message M { optional group G = 1 { int32 a = 1; } map<double, string> m = 2; bool b = 3; }',
    )
    expect(fields.map(({ name }) => name)).toEqual(['b'])
    expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'G: It is a group: it is left out.',
      'm: Its keys are of no type that keys may have: it is left out.',
    ])
  })

  it.each([
    ['', 'This text has no Protobuf message.'],
    ['syntax = "proto3";', 'This text has no Protobuf message.'],
    ['message M {', 'The text ends too early.'],
    ['message M { string = 1; }', 'Expected a name, found =.'],
    ['message M { string a 1; }', 'Expected =, found 1.'],
    ['message M { 5 a = 1; }', 'Expected a type, found 5.'],
    ['message M } ', 'Expected {, found }.'],
    ['message M { # }', 'What does "# }" mean?'],
    [`${'message M {'.repeat(40)}`, 'Messages are nested too deep.'],
  ])('%s has none: %s', (text, message) => {
    expect(fieldsOfProtobuf(text)).toEqual({ fields: [], issues: [{ path: [], message }] })
  })
})
