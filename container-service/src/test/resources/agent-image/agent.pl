# Stands in for the agent CLI's supervisor in tests: the same socket and the same paths, and states on demand.
# HOLD_PHASE holds it there until /run/slipway/agent/go exists. PLAY_DEAD makes it end with that exit code once it has begun.
use strict; use warnings; use IO::Socket::UNIX;
$| = 1; $SIG{CHLD} = 'IGNORE'; $SIG{PIPE} = 'IGNORE'; $SIG{TERM} = sub { exit 0 };
my $dir = '/run/slipway/agent'; my $path = "$dir/agent.sock"; unlink $path;
my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 64) or die "$path: $!";
my @phases = ('cloning', 'starting', 'ready');
my ($begun, $step, $turn, $seq) = (0, 0, '', 0);
print "stand-in agent listens\n";
while (1) {
    my $client = $server->accept or next;
    my ($head, $length, $chunked) = ('', 0, 0);
    while (my $line = <$client>) { $head .= $line; $length = $1 if $line =~ /^content-length: (\d+)/i; $chunked = 1 if $line =~ /^transfer-encoding: chunked/i; last if $line =~ /^\r?\n$/; }
    my ($method, $target) = $head =~ m{^(\S+) (\S+) HTTP/1.1}; next unless $method;
    my $body = '';
    if ($chunked) { while (1) { my $size = hex(scalar(<$client>) // '0'); my $data = ''; read($client, $data, $size) if $size; scalar <$client>; last unless $size; $body .= $data; } }
    elsif ($length) { read($client, $body, $length); }
    if ($method eq 'PUT' && $target eq '/session') {
        open(my $file, '>', '/data/session.json') or die; print $file $body; close $file; $begun = 1;
        answer($client, 202, '{}');
        if (defined $ENV{PLAY_DEAD}) { print "playing dead\n"; exit $ENV{PLAY_DEAD}; }
    } elsif ($method eq 'GET' && $target eq '/session') {
        my $phase = $begun ? $phases[$step] : 'empty';
        my $held = ($ENV{HOLD_PHASE} // '') eq $phase && !-e "$dir/go";
        $step++ if $begun && $step < $#phases && !$held;
        my $json = $turn eq '' ? 'null' : "\"$turn\"";
        answer($client, 200, "{\"phase\":\"$phase\",\"progress\":41,\"message\":\"$phase, 41 %\",\"turn\":$json,\"lastSeq\":$seq}");
    } elsif ($method eq 'POST' && $target eq '/turns') { $turn = 't1'; $seq++; answer($client, 202, $body);
    } elsif ($method eq 'POST' && $target =~ m{^/turns/t1/cancel}) { $turn = ''; $seq++; answer($client, 202, '{}');
    } elsif ($method eq 'GET' && $target =~ m{^/journal}) { follow($client) unless fork;
    } elsif ($method eq 'GET' && $target =~ m{^/files}) { answer($client, 200, "{\"target\":\"$target\"}", "Set-Cookie: evil=1\r\nETag: \"e1\"\r\n");
    } else { answer($client, 404, '{}'); }
    close $client;
}
sub answer { my ($to, $status, $json, $more) = @_; $more //= ''; print $to "HTTP/1.1 $status X\r\nContent-Type: application/json\r\n${more}Content-Length: " . length($json) . "\r\nConnection: close\r\n\r\n$json"; }
sub follow {
    my $to = shift; $to->autoflush(1); print $to "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (my $i = 1; ; $i++) { my $line = "{\"seq\":$i}\n"; my $ok = print $to sprintf("%x\r\n%s\r\n", length $line, $line); if (!$ok || $i > 300) { open(my $f, '>', "$dir/gone"); exit 0; } select(undef, undef, undef, 0.1); }
}
