import type { ts } from '../application/typescript.ts'

/**
 * Names of `ts.SyntaxKind` that rules may subscribe to, with the type of their nodes. Add a line when one is missing.
 */
export interface NodeByKind {
  ArrowFunction: ts.ArrowFunction
  AsExpression: ts.AsExpression
  AwaitExpression: ts.AwaitExpression
  BinaryExpression: ts.BinaryExpression
  BindingElement: ts.BindingElement
  Block: ts.Block
  CallExpression: ts.CallExpression
  CatchClause: ts.CatchClause
  ClassDeclaration: ts.ClassDeclaration
  ClassExpression: ts.ClassExpression
  ConditionalExpression: ts.ConditionalExpression
  DeleteExpression: ts.DeleteExpression
  DoStatement: ts.DoStatement
  ElementAccessExpression: ts.ElementAccessExpression
  ExportAssignment: ts.ExportAssignment
  ExportDeclaration: ts.ExportDeclaration
  ExpressionStatement: ts.ExpressionStatement
  ForInStatement: ts.ForInStatement
  ForOfStatement: ts.ForOfStatement
  ForStatement: ts.ForStatement
  FunctionDeclaration: ts.FunctionDeclaration
  FunctionExpression: ts.FunctionExpression
  Identifier: ts.Identifier
  IfStatement: ts.IfStatement
  ImportDeclaration: ts.ImportDeclaration
  JsxAttribute: ts.JsxAttribute
  MethodDeclaration: ts.MethodDeclaration
  NewExpression: ts.NewExpression
  NoSubstitutionTemplateLiteral: ts.NoSubstitutionTemplateLiteral
  NumericLiteral: ts.NumericLiteral
  ObjectLiteralExpression: ts.ObjectLiteralExpression
  PostfixUnaryExpression: ts.PostfixUnaryExpression
  PrefixUnaryExpression: ts.PrefixUnaryExpression
  PropertyAccessExpression: ts.PropertyAccessExpression
  PropertyAssignment: ts.PropertyAssignment
  RegularExpressionLiteral: ts.RegularExpressionLiteral
  ReturnStatement: ts.ReturnStatement
  ShorthandPropertyAssignment: ts.ShorthandPropertyAssignment
  SpreadAssignment: ts.SpreadAssignment
  SpreadElement: ts.SpreadElement
  StringLiteral: ts.StringLiteral
  SwitchStatement: ts.SwitchStatement
  TaggedTemplateExpression: ts.TaggedTemplateExpression
  TemplateExpression: ts.TemplateExpression
  ThrowStatement: ts.ThrowStatement
  TryStatement: ts.TryStatement
  TypeOfExpression: ts.TypeOfExpression
  VariableDeclaration: ts.VariableDeclaration
  VoidExpression: ts.VoidExpression
  WhileStatement: ts.WhileStatement
}
