internal import NIOCore
internal import NIOPosix
internal import UpstreamRules

/// One check of one target: connects, asks where there is a path, and says whether that was well. Always a connection of
/// its own: a check that shares one with requests would find out about the connection.
final class HealthProbe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: [UInt8]
    private let check: ActiveCheck
    private let limits: GatewayLimits
    private var input = ByteBuffer()
    private var done: ((Bool) -> Void)?

    private init(_ request: [UInt8], _ check: ActiveCheck, _ limits: GatewayLimits, done: @escaping (Bool) -> Void) {
        self.request = request
        self.check = check
        self.limits = limits
        self.done = done
    }

    /// Begins a check; `done` is called exactly once, on the same loop, within the check's timeout.
    static func start(
        _ setting: TargetSetting,
        _ check: ActiveCheck,
        tls: UpstreamTLS?,
        on eventLoop: any EventLoop,
        limits: GatewayLimits,
        done: @escaping (Bool) -> Void
    ) {
        let timeout = TimeAmount.milliseconds(Int64(check.timeoutMilliseconds))
        let bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(timeout)
        let future: EventLoopFuture<any Channel>
        if let address = try? NIOCore.SocketAddress(ipAddress: setting.host, port: setting.port) {
            // Not an address but a name: the other branch resolves it.
            future = bootstrap.connect(to: address)
        } else {
            future = bootstrap.connect(host: setting.host, port: setting.port)
        }
        let probe = HealthProbe(request(setting, check), check, limits, done: done)
        eventLoop.assumeIsolated().scheduleTask(in: timeout) { probe.finish(false) }
        future.assumeIsolated().whenComplete { result in
            guard case .success(let channel) = result else { return probe.finish(false) }
            probe.connected(channel, setting, tls)
        }
    }

    private static func request(_ setting: TargetSetting, _ check: ActiveCheck) -> [UInt8] {
        guard let path = check.path else { return [] }
        let lines = [
            "GET \(path) HTTP/1.1", "Host: \(setting.authority)", "User-Agent: gatehouse-check", "Accept: */*",
            "Connection: close", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private func connected(_ channel: any Channel, _ setting: TargetSetting, _ tls: UpstreamTLS?) {
        guard check.path != nil, done != nil else {
            // Connecting was the check, or time is up.
            finish(done != nil)
            channel.close(promise: nil)
            return
        }
        do {
            if setting.isTLS {
                guard let context = tls?.context else {
                    channel.close(promise: nil)
                    return finish(false)
                }
                let handler = try TLSHandler(context.tls, name: setting.serverName)
                try channel.pipeline.syncOperations.addHandler(handler)
            }
            try channel.pipeline.syncOperations.addHandler(self)
        } catch {
            channel.close(promise: nil)
            finish(false)
        }
    }

    private func finish(_ isGood: Bool) {
        guard let done else { return }
        self.done = nil
        done(isGood)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: request.count)
        buffer.writeBytes(request)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        // Whatever happens, the connection does not outlive the check.
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: .milliseconds(Int64(check.timeoutMilliseconds))) {
            channel.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard done != nil else { return }
        var incoming = unwrapInboundIn(data)
        input.writeBuffer(&incoming)
        var head = ResponseHead()
        while input.readableBytes > 0 {
            let buffer = input
            do throws(Refusal) {
                guard try head.read(buffer.readableBytesUInt8Span, limits: limits, names: FieldNames.response) else {
                    return
                }
            } catch {
                finish(false)
                context.close(promise: nil)
                return
            }
            guard head.isInterim, head.status != 101 else {
                finish(CheckTrack.expects(head.status, check))
                context.close(promise: nil)
                return
            }
            input.moveReaderIndex(forwardBy: head.length)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { finish(false) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(false)
        context.close(promise: nil)
    }
}
