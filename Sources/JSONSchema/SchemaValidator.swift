public import DocumentTree

/// A schema compiled once, to validate any number of instances from any number of threads.
public final class SchemaValidator: Sendable {
    private let program: Program
    private let schema: Int32
    private let options: SchemaOptions

    /// Compiles the schema at `node` with everything it refers to.
    ///
    /// The node may be any place of its document: references such as `#/components/schemas/Pet` are followed from the root
    /// of the document.
    ///
    /// - Parameters:
    ///   - node: A mapping or a boolean.
    ///   - options: The dialect and what is checked.
    ///   - registry: Documents that references may name.
    /// - Throws: `InvalidSchema` with everything that is wrong with the schema or those it refers to.
    public init(
        _ node: Node,
        options: SchemaOptions = SchemaOptions(),
        registry: SchemaRegistry = SchemaRegistry()
    ) throws(InvalidSchema) {
        var compiler = SchemaCompiler(options: options, registry: registry)
        schema = compiler.compile(node)
        guard compiler.problems.isEmpty else { throw InvalidSchema(problems: compiler.problems) }
        program = compiler.program
        self.options = options
    }

    /// Compiles a schema that a program holds as a value.
    ///
    /// - Throws: `InvalidSchema` as ``init(_:options:registry:)``.
    public convenience init(
        _ value: JSONValue,
        options: SchemaOptions = SchemaOptions(),
        registry: SchemaRegistry = SchemaRegistry()
    ) throws(InvalidSchema) {
        try self.init(Self.document(of: value).root, options: options, registry: registry)
    }

    /// What is wrong with an instance, in the order of the schema; empty where it fits.
    public func validate(_ instance: Node) -> [SchemaViolation] {
        var binding = KeyBinding()
        binding.extend(to: program, instance.document)
        var evaluator = Evaluator(program: program, document: instance.document, options: options, keys: binding)
        _ = evaluator.evaluateChild(schema, instance.id)
        return evaluator.violations()
    }

    /// Whether an instance fits; quicker than asking for violations. What cannot be decided does not fit.
    public func isValid(_ instance: Node) -> Bool {
        var binding = KeyBinding()
        binding.extend(to: program, instance.document)
        var evaluator = Evaluator(program: program, document: instance.document, options: options, keys: binding)
        evaluator.isCollecting = false
        return evaluator.evaluateChild(schema, instance.id) && evaluator.undecided.isEmpty
    }

    private static func document(of value: JSONValue) -> Document {
        do {
            return try Document.read(value.text(pretty: false), name: "schema", syntax: .json)
        } catch {
            preconditionFailure("a JSON value is written as JSON that can be read")
        }
    }
}

/// Schemas compiled when they are first asked for, for work that meets many schemas of one document, such as checking
/// every example of a specification: what two of them share is compiled once.
///
/// Not for several threads at once. A schema with problems is still applied; what is broken in it decides nothing, and
/// ``problems`` says what that is.
public final class SchemaWorkspace {
    private var compiler: SchemaCompiler
    private var compiled: [Node: Int32] = [:]
    private var binding = KeyBinding()
    private var boundDocument: Document?

    /// Makes an empty workspace.
    public init(options: SchemaOptions = SchemaOptions(), registry: SchemaRegistry = SchemaRegistry()) {
        compiler = SchemaCompiler(options: options, registry: registry)
    }

    /// What is wrong with the schemas used so far and those they refer to.
    public var problems: [SchemaProblem] { compiler.problems }

    /// What is wrong with an instance according to the schema at a node, which may be of another document.
    public func validate(_ instance: Node, against schema: Node) -> [SchemaViolation] {
        let number = number(of: schema)
        if boundDocument !== instance.document {
            boundDocument = instance.document
            binding = KeyBinding()
        }
        binding.extend(to: compiler.program, instance.document)
        var evaluator = Evaluator(
            program: compiler.program,
            document: instance.document,
            options: compiler.options,
            keys: binding
        )
        _ = evaluator.evaluateChild(number, instance.id)
        return evaluator.violations()
    }

    private func number(of schema: Node) -> Int32 {
        if let known = compiled[schema] { return known }
        let number = compiler.compile(schema)
        compiled[schema] = number
        return number
    }
}
