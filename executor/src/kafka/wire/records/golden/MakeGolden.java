import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Prints record batches as the Java client 4.4.0 encodes them, as JSON of base64 texts:
 * java -cp "<kafka jars>/*" MakeGolden.java > java-client.json
 */
public class MakeGolden {
    static final long TIME = 1_700_000_000_000L;

    public static void main(String[] args) {
        Map<String, String> golden = new TreeMap<>();
        golden.put("transactional", transactional());
        golden.put("gzip", many(Compression.gzip().build(), TimestampType.CREATE_TIME));
        golden.put("snappy", many(Compression.snappy().build(), TimestampType.CREATE_TIME));
        golden.put("lz4", many(Compression.lz4().build(), TimestampType.CREATE_TIME));
        golden.put("zstd", many(Compression.zstd().build(), TimestampType.CREATE_TIME));
        golden.put("logAppendTime", many(Compression.NONE, TimestampType.LOG_APPEND_TIME));
        golden.put("abortMarker", marker(ControlRecordType.ABORT));
        golden.put("commitMarker", marker(ControlRecordType.COMMIT));
        System.out.println("{");
        int left = golden.size();
        for (var entry : golden.entrySet()) {
            System.out.println("  \"" + entry.getKey() + "\": \"" + entry.getValue() + "\"" + (--left > 0 ? "," : ""));
        }
        System.out.println("}");
    }

    static String transactional() {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(4096), RecordBatch.MAGIC_VALUE_V2,
            Compression.NONE, TimestampType.CREATE_TIME, 0L, RecordBatch.NO_TIMESTAMP, 4711L, (short) 3, 17, true,
            RecordBatch.NO_PARTITION_LEADER_EPOCH);
        builder.append(TIME, utf8("key"), utf8("value"));
        builder.append(TIME + 1, utf8("tombstone"), null);
        builder.append(TIME - 86_400_000_000L, null, utf8("Zürich, \u6771\u4eac, \ud83d\ude80"));
        builder.append(TIME + 4_000_000_000L, utf8(""), utf8(""));
        builder.append(TIME, new byte[] {0, 0, 0, 0}, new byte[] {(byte) 255, 0, 127, (byte) 128}, new Header[] {
            new RecordHeader("reason", utf8("bad json")), new RecordHeader("näme", null), new RecordHeader("empty", new byte[0])});
        builder.append(TIME, null, utf8("x".repeat(300)));
        return base64(builder.build());
    }

    static String many(Compression compression, TimestampType type) {
        long appendTime = type == TimestampType.LOG_APPEND_TIME ? TIME + 99 : RecordBatch.NO_TIMESTAMP;
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 20), RecordBatch.MAGIC_VALUE_V2,
            compression, type, 1_000L, appendTime, -1L, (short) -1, -1, false, 5);
        for (int i = 0; i < 200; i++) builder.append(TIME + i, utf8("key-" + i), utf8("value-" + "ab".repeat(i)));
        return base64(builder.build());
    }

    static String marker(ControlRecordType type) {
        MemoryRecords records = MemoryRecords.withEndTransactionMarker(50L, TIME, 5, 4711L, (short) 3,
            new EndTransactionMarker(type, 0));
        return base64(records);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64(MemoryRecords records) {
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
