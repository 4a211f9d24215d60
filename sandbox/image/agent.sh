#!/bin/sh
# Starts the supervisor. Its heap is small on purpose: it holds no file and no answer whole, and every sandbox has one.
# With --train it starts, serves itself once and leaves an ahead-of-time cache beside its jar (done by the image build).
app=/opt/slipway/agent
set -- -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms8m -Xmx128m -Xss512k -XX:MaxMetaspaceSize=64m \
    -XX:ReservedCodeCacheSize=24m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:-UsePerfData \
    -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED -Djdk.virtualThreadScheduler.parallelism=16 \
    -cp "$app/*" dev.slipway.agent.AgentMain "$@"
case " $* " in
*" --train "*) exec /opt/slipway/jre/bin/java -XX:AOTCacheOutput="$app/agent.aot" "$@" ;;
*) exec /opt/slipway/jre/bin/java -XX:AOTCache="$app/agent.aot" -XX:AOTMode=auto "$@" ;;
esac
